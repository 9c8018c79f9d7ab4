import type { PageData } from '../src/reports/page/data.js';
import { pickBest } from '../src/tune/plain/recommend.js';
import { type Candidate, meets } from '../src/tune/common/constraints.js';
import type { Target } from '../src/vocabulary.js';

/** What a reader asks of the points, in place of the run's own target. */
export type Bounds = Pick<Target, 'recall' | 'p95Ms' | 'indexBytes'>;

/** Position of the point that `tune` would recommend of those that were measured interleaved; null when none will do. */
export function choose(data: PageData, { recall, ...bounds }: Bounds): number | null {
  const { confidence, minimise } = data;
  // The page holds no answers of single queries: what they show was computed where they were at hand.
  const target: Target = { ...bounds, recall: 0, confidence, minimise };
  const candidates = new Map<Candidate, number>();
  for (const [position, { build, record, shownRecall }] of data.points.entries()) {
    if (shownRecall === null || shownRecall < recall || record.status !== 'ok' || !record.measured) continue;
    candidates.set({ build: data.builds[build]!.record, point: record, measured: record.measured }, position);
  }
  const feasible = [...candidates.keys()].filter((candidate) => meets(candidate, target));
  const isDefault = ({ build }: Candidate): boolean =>
    data.builds.some((one) => one.record.key === build.key && one.isDefault);
  const [best] = pickBest(feasible, minimise, { tableBytes: data.tableBytes, isDefault });
  return best === undefined ? null : candidates.get(best)!;
}
