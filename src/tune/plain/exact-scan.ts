import {
  ask,
  askTogether,
  type Measured,
  type PointRecord,
  type PointRequest,
  type Search,
} from '../../results/index.js';
import type { IndexSpec } from '../../vocabulary.js';
import { medianMs, meets, pagesOf } from '../common/constraints.js';
import { type ExactScan, toCandidates } from './evidence.js';
import { pointRequest, questionOf } from './observe.js';
import type { Space } from './space.js';

/** Queries that the exact scan is timed with: enough for a median, and it may take a second a query. */
const EXACT_QUERIES = 20;
/** Queries of the exact scan that bound a 95th percentile. */
const EXACT_P95_QUERIES = 100;
/** Pages that a scan of any index touches beside those of the rows that it gives: the first, and one of what it holds. */
const INDEX_PAGES = 2;

const EXACT: IndexSpec = { method: 'none', representation: 'vector', parameters: {} };

/**
 * No index at all: what every index has to beat. Where it keeps within the bound on latency, there is no need of one; nor,
 * where there is no bound, if it touches no more pages than any index must, which fetches each row that it gives.
 */
export function* exactScan(space: Space): Search<ExactScan> {
  const build = yield* ask('build', { spec: EXACT, repeat: 0 });
  const measure = function* (queries: number, purpose: PointRequest['purpose']): Search<readonly PointRecord[]> {
    const count = Math.min(queries, space.queries);
    return yield* askTogether('point', [pointRequest(questionOf(space, build, { from: 0, count }), {}, purpose)]);
  };
  const quick = yield* measure(EXACT_QUERIES, 'search');
  const { p95Ms } = space.target;
  const [point] = quick;
  const promises = (measured: Measured): boolean =>
    p95Ms === undefined ? pagesOf(measured) <= space.workload.k + INDEX_PAGES : medianMs(measured) <= p95Ms;
  if (!point?.measured || !promises(point.measured)) return { build, points: quick, sufficient: false };
  const points = yield* measure(EXACT_P95_QUERIES, 'confirm');
  const [candidate] = toCandidates(points, new Map([[build.key, build]]));
  return {
    build,
    points: [...quick, ...points],
    sufficient: candidate !== undefined && meets(candidate, space.target),
  };
}

/** Where there is no time for any index, the exact scan is the answer: timed by as many queries as there is time for. */
export function* exactScanAlone(space: Space, exact: ExactScan): Search<ExactScan> {
  const [quick] = exact.points;
  if (!quick?.measured) return exact;
  const inTime = Math.floor((1000 * (space.budget?.left() ?? 0)) / (2 * medianMs(quick.measured)));
  const count = Math.min(space.queries, Math.max(EXACT_QUERIES, Math.min(EXACT_P95_QUERIES, inTime)));
  const request = pointRequest(questionOf(space, exact.build, { from: 0, count }), {}, 'confirm');
  const points = yield* askTogether('point', [{ ...request, samples: count }]);
  return { ...exact, points: [...exact.points, ...points] };
}
