import { bettingInterval, nearestRank } from '../../analysis/index.js';
import { distance, hasRow, roundingOf, tieLimit } from '../../exact/index.js';
import {
  type Arm,
  type Clock,
  isRefusal,
  refusalOf,
  type TableUnderTest,
  VoidPoint,
  withArm,
} from '../../measure/index.js';
import { explainPrepared, literal, type Session } from '../../postgres/index.js';
import { type BuildRecord, keyOf, type PagesRecord, type PagesRequest, type PageWalk } from '../../results/index.js';
import { filteredTask, type PreparedFilter } from '../filtered/task.js';
import { filterOf } from '../points/task-of.js';
import type { Bench } from './handler.js';

/** What a query got on one page. */
interface PageSeen {
  readonly rows: readonly number[];
  readonly ms: number;
}
/** Of each query, its pages in their order. */
type Walked = readonly (readonly PageSeen[])[];

const NONE = { mean: 0, queries: 0 };

/**
 * Reads on from the first page to the last, each query by itself: by OFFSET, and by keyset, where each page begins after the
 * last row that the page before gave. So what one page misses is lost to the reader, as it is in an application.
 */
export async function measurePages(bench: Bench, request: PagesRequest): Promise<PagesRecord> {
  const startedAt = bench.now().toISOString();
  const { workload, settings } = request;
  if (workload.kind !== 'filtered' || !workload.returns || !('page' in workload.returns))
    throw new TypeError('Pages were asked of a workload that returns none.');
  const prepared = filterOf(bench, workload);
  const builds: [BuildRecord, ...BuildRecord[]] = [await bench.indexes.require(request.build)];
  for (const key of request.beside ?? []) builds.push(await bench.indexes.require(key));
  const queries = Math.min(request.queries, prepared.question.queries.size);
  const armOf = (returns: NonNullable<typeof workload.returns>): Arm =>
    filteredTask(
      bench,
      { ...prepared, question: { ...prepared.question, returns } },
      { request: { workload: { ...workload, returns }, settings }, builds },
    ).arm(queries);
  const pages = Array.from({ length: workload.returns.page }, (_, i) => i + 1);
  const { tables } = filteredTask(bench, prepared, { request: { workload, settings }, builds });
  const { table, mismatch } = await bench.verifiedTable(await bench.subsetTable(undefined), tables);
  const untrue = mismatch ?? (await bench.verifiedFilter(table, prepared));

  async function walk(by: PageWalk['by'], walkThrough: () => Promise<Walked>): Promise<PageWalk> {
    const nothing: PageWalk = { by, reason: untrue, pages: [], lost: NONE, repeated: NONE };
    if (untrue) return nothing;
    try {
      return { by, reason: null, ...judgeWalks(bench, prepared, await walkThrough()) };
    } catch (error) {
      if (error instanceof VoidPoint) return { ...nothing, reason: error.reason };
      if (isRefusal(error)) return { ...nothing, reason: refusalOf(error) };
      throw error;
    }
  }
  const walks = [
    await walk('offset', () => byOffset(bench, table, { arms: pages.map((page) => armOf({ page })), queries })),
    await walk('keyset', () =>
      byKeyset(bench, table, { arm: armOf({ page: pages.length, by: 'keyset' }), pages: pages.length, queries }),
    ),
  ];
  return { type: 'pages', key: keyOf('pages', request), request, startedAt, queries, walks };
}

type Walker = { readonly session: Session; readonly clock: Clock };

/** Each page is a statement of its own, all with the same settings and indexes. */
async function byOffset(
  { session, clock }: Walker,
  table: TableUnderTest,
  { arms, queries }: { readonly arms: readonly Arm[]; readonly queries: number },
): Promise<Walked> {
  return withArm(session, table, arms[0]!, 0, async () => {
    for (const arm of arms) await checkPlan(session, arm, { parameters: arm.parameters(0), literals: arm.literals(0) });
    const walked: PageSeen[][] = [];
    for (let query = 0; query < queries; query++) {
      const seen: PageSeen[] = [];
      for (const arm of arms) {
        const start = clock.now();
        const rows = await session.execute(arm.statement, arm.parameters(query));
        seen.push({ ms: clock.now() - start, rows: rows.map(([id]) => Number(id)) });
      }
      walked.push(seen);
    }
    return walked;
  });
}

/** The last row that was seen, as its page gave it. */
interface Cursor {
  readonly distance: string;
  readonly id: string;
}
const BEFORE_ALL: Cursor = { distance: '-Infinity', id: '-1' };

/** One statement for all pages: only the last row that was seen differs. */
async function byKeyset(
  { session, clock }: Walker,
  table: TableUnderTest,
  { arm, pages, queries }: { readonly arm: Arm; readonly pages: number; readonly queries: number },
): Promise<Walked> {
  const after = (query: number, { distance: far, id }: Cursor) => ({
    parameters: [...arm.parameters(query), far, id],
    literals: [...arm.literals(query), literal(far), id],
  });
  const first: Arm = {
    ...arm,
    parameters: (query) => after(query, BEFORE_ALL).parameters,
    literals: (query) => after(query, BEFORE_ALL).literals,
  };
  return withArm(session, table, first, 0, async () => {
    const walked: PageSeen[][] = [];
    for (let query = 0; query < queries; query++) {
      const seen: PageSeen[] = [];
      let cursor = BEFORE_ALL;
      for (let page = 0; page < pages; page++) {
        const values = after(query, cursor);
        if (query === 0) await checkPlan(session, arm, values);
        const start = clock.now();
        const rows = await session.execute(arm.statement, values.parameters);
        seen.push({ ms: clock.now() - start, rows: rows.map(([id]) => Number(id)) });
        const end = rows.at(-1);
        if (end === undefined) continue;
        cursor = { id: String(end[0]), distance: String(end[1]) };
      }
      walked.push(seen);
    }
    return walked;
  });
}

async function checkPlan(
  session: Session,
  arm: Arm,
  {
    parameters,
    literals,
  }: { readonly parameters: ReturnType<Arm['parameters']>; readonly literals: readonly string[] },
): Promise<void> {
  await session.execute(arm.statement, parameters);
  arm.checkPlan(await explainPrepared(session, arm.statement, literals, { analyze: false }), 0);
}

type Judged = Pick<PageWalk, 'pages' | 'lost' | 'repeated'>;

/** The pages beside the exact rows, ties counting as right. */
function judgeWalks({ dataset }: Pick<Bench, 'dataset'>, prepared: PreparedFilter, walked: Walked): Judged {
  const { ranking, question, drawn } = prepared;
  if (ranking === null) throw new TypeError('There is no exact ranking to judge pages by.');
  const { k, metric } = question;
  const farOf = (query: number, row: number): number =>
    hasRow(drawn.bitmaps[drawn.ofQuery[query]!]!, row)
      ? distance(metric, question.queries.vector(query), dataset.vector(row))
      : Infinity;
  /** Right rows among some, of the exact ones from one place to another. */
  const hits = (query: number, rows: readonly number[], { from, to }: { from: number; to: number }): number => {
    const exact = ranking.distances.subarray(query * ranking.k + from, query * ranking.k + to);
    if (exact.length === 0) return 0;
    const vector = question.queries.vector(query);
    const errorOf = (row: number): number => roundingOf(metric, vector, dataset.vector(row));
    const rowAt = (place: number): number => ranking.rows[query * ranking.k + place]!;
    const [first, last] = [exact[0]!, exact.at(-1)!];
    const least = first - (tieLimit(first, metric, errorOf(rowAt(from))) - first);
    const most = tieLimit(last, metric, errorOf(rowAt(to - 1)));
    const right = [...new Set(rows)].filter((row) => {
      const [far, error] = [farOf(query, row), errorOf(row)];
      return far + error >= least && far - error <= most;
    });
    return Math.min(right.length, exact.length);
  };
  const pages = walked[0]!.map((_, i) => {
    const recalls: number[] = [];
    const completeness: number[] = [];
    for (const [query, seen] of walked.entries()) {
      const from = i * k;
      const to = Math.min(ranking.expected[query]!, from + k);
      if (to <= from) continue;
      const { rows } = seen[i]!;
      recalls.push(hits(query, rows, { from, to }) / (to - from));
      completeness.push(Math.min(1, new Set(rows).size / (to - from)));
    }
    const times = Float64Array.from(walked, (seen) => seen[i]!.ms).sort();
    return {
      page: i + 1,
      recall: recallOf(recalls),
      completeness: meanOf(completeness),
      medianMs: nearestRank(times, 0.5),
      p95Ms: nearestRank(times, 0.95),
    };
  });
  const all = walked.map((seen) => seen.flatMap(({ rows }) => rows));
  return {
    pages,
    lost: countRows(
      all.map((rows, query) => {
        const to = ranking.expected[query]!;
        return to - hits(query, rows, { from: 0, to });
      }),
    ),
    repeated: countRows(all.map((rows) => rows.length - new Set(rows).size)),
  };
}

/** NaN cannot be written down: a page that no query has rows for is complete. */
const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) / values.length;

function recallOf(recalls: readonly number[]): PageWalk['pages'][number]['recall'] {
  const value = meanOf(recalls);
  if (recalls.length === 0) return { value, low: null, high: null };
  const { low, high } = bettingInterval(Float64Array.from(recalls));
  return { value, low: Math.min(low, value), high: Math.max(high, value) };
}

const countRows = (rows: readonly number[]): PageWalk['lost'] => ({
  mean: rows.reduce((sum, count) => sum + count, 0) / rows.length,
  queries: rows.filter((count) => count > 0).length,
});
