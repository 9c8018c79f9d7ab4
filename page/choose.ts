import type { PageData } from '../src/reports/page/data.js';
import { pickBest } from '../src/tune/plain/recommend.js';
import { type Candidate, meets } from '../src/tune/shared/constraints.js';
import type { Target } from '../src/vocabulary.js';

/** What a reader asks of the points, in place of the run's own target. */
export type Bounds = Pick<Target, 'recall' | 'p95Ms' | 'indexBytes'>;

/** Position of the point that `tune` would recommend of those that were measured side by side; null when none will do. */
export function choose(data: PageData, bounds: Bounds): number | null {
  const { minimise = 'p95', confidence = 0.975 } = data.target ?? {};
  const target: Target = { ...bounds, confidence, minimise };
  const candidates = new Map<Candidate, number>();
  for (const [position, { build, record, isConclusion }] of data.points.entries()) {
    if (!isConclusion || record.status !== 'ok' || !record.measured) continue;
    candidates.set({ build: data.builds[build]!.record, point: record, measured: record.measured }, position);
  }
  const feasible = [...candidates.keys()].filter((candidate) => meets(candidate, target));
  const isDefault = ({ build }: Candidate): boolean =>
    data.builds.some((one) => one.record.key === build.key && one.isDefault);
  const [best] = pickBest(feasible, target.minimise, { tableBytes: data.tableBytes, isDefault });
  return best === undefined ? null : candidates.get(best)!;
}
