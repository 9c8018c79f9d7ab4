import { bettingInterval, recallsOfPoint } from '../../analysis/index.js';
import {
  askTogether,
  type BuildRecord,
  type PointRecord,
  type PointRequest,
  type Search,
} from '../../results/index.js';
import type { CacheState, SearchSettings, Workload } from '../../vocabulary.js';
import { medianMs } from '../common/constraints.js';
import type { Space } from './space.js';

/** A share of the run's queries: positions in its random order. */
export interface QueryRange {
  readonly from: number;
  readonly count: number;
}

/** What is asked at every point of a build. */
export interface Question {
  readonly build: BuildRecord;
  readonly workload: Workload;
  readonly queries: QueryRange;
  readonly cache: CacheState;
}

/** One setting of one build, as far as it was looked at. */
export interface Observation {
  readonly settings: SearchSettings;
  /** Value of the knob that is searched. */
  readonly value: number;
  /** Mean over the queries that were asked. */
  readonly recall: number;
  readonly queries: number;
  readonly buffers: number;
  readonly medianMs: number;
  /** The batches. */
  readonly points: readonly PointRecord[];
}

/** An observation, or the point that cannot prove what it measured. */
export type Look =
  | { readonly status: 'ok'; readonly observation: Observation }
  | { readonly status: 'lost'; readonly point: PointRecord };

export const questionOf = (
  { workload, cache }: Pick<Space, 'workload' | 'cache'>,
  build: BuildRecord,
  queries: QueryRange,
): Question => ({ build, workload, queries, cache });

export const pointRequest = (
  { build, workload, queries, cache }: Question,
  settings: SearchSettings,
  purpose: PointRequest['purpose'],
): PointRequest => ({
  build: build.key,
  workload,
  settings,
  queries: queries.count,
  ...(queries.from === 0 ? {} : { from: queries.from }),
  purpose,
  ...(cache === 'warm' ? {} : { cache }),
});

/** Fewer queries than this are asked at once. */
const LEAST_BATCH = 100;

/** A look at a few queries first; more follow only where they leave the question open. */
function batchesOf({ from, count }: QueryRange): readonly QueryRange[] {
  if (count < 2 * LEAST_BATCH) return [{ from, count }];
  const first = Math.max(LEAST_BATCH, Math.round(count / 4));
  const second = Math.min(first, count - first);
  const rest = count - first - second;
  return [
    { from, count: first },
    { from: from + first, count: second },
    ...(rest > 0 ? [{ from: from + first + second, count: rest }] : []),
  ];
}

/**
 * Asks queries at one setting until it is plain on which side of `searchRecall` their mean recall lies, or there are none left.
 * The intervals of all looks hold together (the horizon is named before the first), so that stopping early is no bias.
 *
 * @param searchRecall null: every query is asked
 */
export function* look(
  question: Question,
  {
    settings,
    value,
    searchRecall,
  }: { readonly settings: SearchSettings; readonly value: number; readonly searchRecall: number | null },
): Search<Look> {
  const points: PointRecord[] = [];
  const batches = searchRecall === null ? [question.queries] : batchesOf(question.queries);
  for (const queries of batches) {
    const [point] = yield* askTogether('point', [pointRequest({ ...question, queries }, settings, 'search')], {
      orEarlier: true,
    });
    if (!point?.measured) {
      if (point) return { status: 'lost', point };
      throw new TypeError('A point was asked for and none came.');
    }
    points.push(point);
    if (searchRecall !== null && queries !== batches.at(-1)) {
      const { low, high } = bettingInterval(recallsOf(points), { horizon: question.queries.count });
      if (low > searchRecall || high < searchRecall) break;
    }
  }
  return { status: 'ok', observation: pool(points, settings, value) };
}

/** Recall of each query, batch after batch. */
export const recallsOf = (points: readonly PointRecord[]): Float64Array =>
  Float64Array.from(points.flatMap(({ measured }) => (measured ? [...recallsOfPoint(measured)] : [])));

function pool(points: readonly PointRecord[], settings: SearchSettings, value: number): Observation {
  const measured = points.flatMap((point) => point.measured ?? []);
  const queries = measured.reduce((sum, { recall }) => sum + recall.queries, 0);
  const weighted = (figure: (of: (typeof measured)[number]) => number): number =>
    measured.reduce((sum, one) => sum + figure(one) * one.recall.queries, 0) / queries;
  return {
    settings,
    value,
    recall: weighted(({ recall }) => recall.mean.value),
    queries,
    buffers: weighted(({ buffers }) => buffers.mean.value),
    medianMs: weighted((one) => medianMs(one)),
    points,
  };
}
