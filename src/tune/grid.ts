import { paretoFront } from '../analysis/index.js';
import {
  ask,
  askTogether,
  type BenchAnswer,
  type BuildRecord,
  type SustainedRate,
  type Measured,
  type PointRecord,
  type PointRequest,
  release,
  type Search,
} from '../results/index.js';
import type { CacheState, IndexSpec, SearchSettings, Workload } from '../vocabulary.js';
import { indexBytes, medianMs, reachesRecall, type RecallTarget } from './common/constraints.js';
import { applyLoads, type LoadPlan } from './common/loads.js';

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
  /** Builds of each index, to see how much they differ. */
  readonly repeats: number;
  /** State of the caches at every point. */
  readonly cache: CacheState;
  /**
   * Load to put on each index, with the cheapest of its settings that reach `target`, or with those that come nearest.
   * Throughput at equal recall is what indexes can be compared by; that of every setting would take longer than all the
   * rest. Null: none.
   */
  readonly loads: { readonly plan: LoadPlan; readonly target: RecallTarget } | null;
}

/**
 * Measures every combination, leaves nothing out and prefers nothing. The settings of one index are measured side by
 * side; indexes come one after the other, and each goes when its points are taken.
 */
export function* grid({ rows, workload, queries, repeats, cache, loads }: Grid): Search<BenchAnswer> {
  const measured: { build: BuildRecord; point: PointRecord }[] = [];
  const sustainedRates: SustainedRate[] = [];
  for (const { spec, settings } of rows) {
    for (let repeat = 0; repeat < repeats; repeat++) {
      const build = yield* ask('build', { spec, repeat });
      if (build.status === 'failed') continue;
      const requests = settings.map((setting): PointRequest => ({
        build: build.key,
        workload,
        settings: setting,
        queries,
        purpose: 'confirm',
        ...(cache === 'warm' ? {} : { cache }),
      }));
      const points = yield* askTogether('point', requests);
      for (const point of points) measured.push({ build, point });
      const loaded = loads && repeat === 0 && pointToLoad(points, loads.target);
      const found = loaded && (yield* applyLoads(loaded.request, loads.plan));
      if (found) sustainedRates.push(found);
      yield* release(build.key);
    }
  }
  const usable = measured.flatMap(({ build, point }) =>
    point.measured ? [{ build, key: point.key, measured: point.measured }] : [],
  );
  const front = paretoFront(usable, (point) => ({
    max: [point.measured.recall.mean.value],
    min: [medianMs(point.measured), indexBytes(point.build)],
  }));
  return { kind: 'bench', front: front.map(({ key }) => key), sustainedRates };
}

function pointToLoad(points: readonly PointRecord[], target: RecallTarget): PointRecord | undefined {
  const best = (of: readonly PointRecord[], isBetter: (a: Measured, b: Measured) => boolean): PointRecord | undefined =>
    of.reduce<PointRecord | undefined>((a, b) => {
      if (!b.measured) return a;
      return !a?.measured || isBetter(b.measured, a.measured) ? b : a;
    }, undefined);
  const reaching = points.filter((point) => reachesRecall(point, target));
  return reaching.length > 0
    ? best(reaching, (a, b) => medianMs(a) < medianMs(b))
    : best(points, (a, b) => a.recall.mean.value > b.recall.mean.value);
}
