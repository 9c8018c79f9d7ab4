import { paretoFront } from '../analysis/index.js';
import {
  askBuild,
  askPoints,
  type BenchAnswer,
  type BuildRecord,
  type PointRecord,
  type PointRequest,
  release,
  type Search,
} from '../results/index.js';
import type { IndexSpec, SearchSettings, Workload } from '../vocabulary.js';
import { indexBytes, medianMs } from './constraints.js';

/** One index, and every setting to measure it with. */
export interface GridRow {
  readonly spec: IndexSpec;
  readonly settings: readonly SearchSettings[];
}

export interface Grid {
  readonly rows: readonly GridRow[];
  readonly workload: Workload;
  /** Queries that a point rests on. */
  readonly queries: number;
}

/**
 * Measures every combination, leaves nothing out and prefers nothing. The settings of one index are measured side by
 * side; indexes come one after the other, and each goes when its points are taken.
 */
export function* grid({ rows, workload, queries }: Grid): Search<BenchAnswer> {
  const measured: { build: BuildRecord; point: PointRecord }[] = [];
  for (const { spec, settings } of rows) {
    const build = yield* askBuild({ spec, repeat: 0 });
    if (build.status === 'failed') continue;
    const requests = settings.map((setting): PointRequest => ({
      build: build.key,
      workload,
      settings: setting,
      queries,
      purpose: 'confirm',
    }));
    for (const point of yield* askPoints(requests)) measured.push({ build, point });
    yield* release(build.key);
  }
  const usable = measured.flatMap(({ build, point }) =>
    point.measured ? [{ build, key: point.key, measured: point.measured }] : [],
  );
  const front = paretoFront(usable, (point) => ({
    max: [point.measured.recall.mean.value],
    min: [medianMs(point.measured), indexBytes(point.build)],
  }));
  return { kind: 'bench', front: front.map(({ key }) => key) };
}
