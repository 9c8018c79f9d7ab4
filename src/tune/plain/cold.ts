import { indexKind } from '../../indexes/index.js';
import { askTogether, type PointRequest, type Search, type TuneAnswer } from '../../results/index.js';
import type { Evidence } from './evidence.js';
import { predictedTableBytes } from './prior.js';
import type { Space } from './space.js';

/** Enough for a 95th percentile; the caches are emptied before each of them, which takes far longer than the query. */
const QUERIES = 75;

/**
 * Measures the recommendation, the runner-up and pgvector's defaults once more, side by side, with table and index out of
 * the caches: what the first queries after a restart will meet, and those for which memory is too small.
 *
 * @returns keys of the points; none where cold caches cannot be had, or only by moving too much about
 */
export function* measureCold(
  space: Space,
  answer: TuneAnswer,
  { builds, confirmed }: Pick<Evidence, 'builds' | 'confirmed'>,
): Search<Pick<TuneAnswer, 'cold'>> {
  const { cache, coldBytes } = space;
  const choices = [answer.recommendation, answer.runnerUp, answer.baselines[0]?.choice].filter(
    // Without an index a query reads the whole table: whatever was in the caches, it is soon in them.
    (choice) => choice && indexKind(choice.spec.method).accessMethod !== null,
  );
  const points = confirmed.filter(({ key, measured }) => measured && choices.some((choice) => choice?.point === key));
  const largest = Math.max(0, ...points.map(({ request }) => builds.get(request.build)?.index?.bytes ?? 0));
  const bytes = largest + predictedTableBytes(space);
  if (cache !== 'warm' || points.length === 0 || bytes > coldBytes) return {};
  const requests = points.map(({ request }): PointRequest => ({
    ...request,
    queries: Math.min(QUERIES, request.queries),
    cache: 'cold',
  }));
  return { cold: (yield* askTogether('point', requests)).map(({ key }) => key) };
}
