import { guessKnob } from '../src/analysis/index.js';
import { type GrowthPoint, type HeldOut, holdOut } from '../src/capacity/index.js';
import { shortHash } from '../src/canonical-json.js';
import { isReranked, predictIndex } from '../src/indexes/index.js';
import type { IndexSpec } from '../src/vocabulary.js';
import { findBuild, type GridBuild, type RecordedGrid } from './grid-file.js';

/** The largest size of a recorded grid, predicted from those up to a quarter of it. */
export interface GrowthTest extends HeldOut {
  readonly dataset: string;
  readonly spec: IndexSpec;
  readonly recall: number;
}

const SHARES = [1 / 16, 1 / 8, 1 / 4, 1];
/** The whole, and one to predict it from. */
const FEWEST_SIZES = 2;

/**
 * Tests the laws of growth on every HNSW index of a grid, not re-ranked, that was built with the same parameters on a quarter of the rows or
 * less. Grids keep no times of queries, so these are not tested.
 */
export function growthTests(grid: RecordedGrid, recall: number): readonly GrowthTest[] {
  const { rows, dimensions, dataset } = grid.header;
  const whole = grid.builds.filter(
    (build) => build.rows === rows && build.spec.method === 'hnsw' && !isReranked(build.spec),
  );
  const specs = [...new Map(whole.map(({ spec }) => [shortHash(spec), spec])).values()];
  return specs.flatMap((spec) => {
    const points = SHARES.flatMap((share) => {
      const build = findBuild(grid.builds, spec, Math.round(rows * share));
      return build ? growthPoint(build, recall) : [];
    });
    if (points.at(-1)?.rows !== rows || points.length < FEWEST_SIZES) return [];
    const context = { modelledBytes: (at: number): number => bytesOf(spec, { rows: at, dimensions }) };
    return holdOut(points, context).map((test) => ({ ...test, dataset, spec, recall }));
  });
}

const bytesOf = (spec: IndexSpec, table: { readonly rows: number; readonly dimensions: number }): number =>
  predictIndex({
    ...table,
    rows: Math.max(1, Math.round(table.rows)),
    spec,
    maintenanceWorkMemBytes: 2 ** 30,
    maxParallelMaintenanceWorkers: 0,
    pgVersion: 15,
  }).bytes;

/** What `capacity` would measure of a build: the setting that reaches the recall, and the work there. */
function growthPoint({ rows, bytes, seconds, points }: GridBuild, recall: number): readonly GrowthPoint[] {
  const curve = points
    .filter(({ settings }) => 'ef_search' in settings)
    .map(({ settings, buffers, hits }) => ({
      knob: Number(settings['ef_search']),
      recall: meanHits(hits) / 10,
      queries: hits.length,
      buffers,
    }));
  const [lowest] = curve;
  if (!lowest || curve.every((point) => point.recall < recall)) return [];
  const isLowest = lowest.recall >= recall;
  const knob = isLowest ? lowest.knob : Math.max(lowest.knob, guessKnob(curve, recall));
  const above = Math.max(
    1,
    curve.findIndex((point) => point.knob >= knob),
  );
  const [a, b] = [curve[above - 1]!, curve[above] ?? curve[above - 1]!];
  const share = a.knob === b.knob ? 0 : Math.max(0, Math.min(1, (knob - a.knob) / (b.knob - a.knob)));
  const buffers = a.buffers + share * (b.buffers - a.buffers);
  const times = { p50Ms: null, p95Ms: null, floorMs: 0 };
  return [{ rows, buildSeconds: seconds, spilled: false, indexBytes: bytes, knob, isLowest, buffers, ...times }];
}

const meanHits = (hits: string): number =>
  Array.from(hits).reduce((sum, digit) => sum + Number.parseInt(digit, 16), 0) / hits.length;
