import { studentQuantile } from '../../analysis/index.js';
import { type BuildSample, LOADING_TUPLES, shareDone } from './build-sample.js';
import { paceChanges, type WorkPoint } from './regimes.js';

/** When the phase that runs will end, as far as its counters show. */
export interface PhaseForecast {
  readonly phase: string;
  /** Share of the phase's blocks or tuples that is done, 0 … 1; null when it has no counter with a total. */
  readonly share: number | null;
  /** Milliseconds left, with a 90 % prediction interval; null when nothing moved yet, or nothing can be counted. */
  readonly leftMs: { readonly value: number; readonly low: number | null; readonly high: number | null } | null;
  /** Rows a second now. Null where rows are not counted. */
  readonly rowsPerSecond: number | null;
  /** Time for a unit of work now over that before the first change of pace; null when it did not change. */
  readonly slowdown: number | null;
}

/** Windows that the pace is compared over. */
const WINDOWS = 8;
const FEWEST_WINDOWS = 3;

/**
 * Predicts the end of the running phase from the samples of it.
 *
 * The pace is that of the last stretch without a change: a graph that outgrew `maintenance_work_mem` goes on several
 * times slower, and what was before says nothing about what is left. A row of an HNSW build costs ∝ log n, because
 * inserting is searching. The interval takes what is left as one more window that varies as those seen: it does not
 * shrink however long the watching, and knows nothing of a change to come.
 *
 * @param samples of one build in the order of time, at least one
 */
export function forecastPhase(samples: readonly BuildSample[]): PhaseForecast {
  const last = samples.at(-1)!;
  const ofPhase = samples.filter(
    ({ phase, partitions }) => phase === last.phase && partitions.done === last.partitions.done,
  );
  const share = shareDone(last);
  const points = workPoints(ofPhase);
  const changes = paceChanges(points);
  const regime = points.slice(changes.at(-1) ?? 0);
  const pace = paceOf(regime);
  const before = changes[0] === undefined ? 0 : paceOf(points.slice(0, changes[0] + 1));
  return {
    phase: last.phase,
    share,
    leftMs: pace > 0 ? timeLeft(regime) : null,
    rowsPerSecond: pace > 0 ? rowsPerSecond(ofPhase.slice(ofPhase.length - regime.length)) : null,
    slowdown: pace > 0 && before > 0 ? pace / before : null,
  };
}

/** Milliseconds for a unit of work; 0 while nothing moved. */
function paceOf(points: readonly WorkPoint[]): number {
  const [first, last] = [points[0], points.at(-1)];
  return first && last && last.work > first.work ? (last.atMs - first.atMs) / (last.work - first.work) : 0;
}

function workPoints(samples: readonly BuildSample[]): readonly WorkPoint[] {
  return samples.flatMap((sample) => {
    const share = shareDone(sample);
    return share === null ? [] : [{ atMs: sample.atMs, work: workDone(sample, share) }];
  });
}

/** Share of the work that a share of the rows is: n log n of N log N in an HNSW build. */
function workDone({ method, phase, tuples }: BuildSample, share: number): number {
  if (method !== 'hnsw' || phase !== LOADING_TUPLES || share === 0) return share;
  const rows = Math.max(3, tuples.done / share);
  return (share * Math.log(Math.max(2, share * rows))) / Math.log(rows);
}

function timeLeft(points: readonly WorkPoint[]): PhaseForecast['leftMs'] {
  const remaining = 1 - points.at(-1)!.work;
  const value = remaining * paceOf(points);
  const paces = windowPaces(points);
  if (remaining <= 0) return { value: 0, low: 0, high: 0 };
  if (paces.length < FEWEST_WINDOWS) return { value, low: null, high: null };
  const k = paces.length;
  const mean = paces.reduce((sum, pace) => sum + pace, 0) / k;
  const deviation = Math.sqrt(paces.reduce((sum, pace) => sum + (pace - mean) ** 2, 0) / (k - 1));
  const margin = studentQuantile(0.95, k - 1) * deviation * Math.sqrt(1 + 1 / k) * remaining;
  return { value, low: Math.max(0, value - margin), high: value + margin };
}

/** Paces of windows of about equal work, in which something moved. */
function windowPaces(points: readonly WorkPoint[]): readonly number[] {
  const size = Math.max(2, Math.ceil((points.length - 1) / WINDOWS));
  const paces: number[] = [];
  for (let i = 0; i + size < points.length; i += size) {
    const pace = paceOf(points.slice(i, i + size + 1));
    if (pace > 0) paces.push(pace);
  }
  return paces;
}

function rowsPerSecond(samples: readonly BuildSample[]): number | null {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const rows = last.tuples.done - first.tuples.done;
  return rows > 0 ? (1000 * rows) / (last.atMs - first.atMs) : null;
}
