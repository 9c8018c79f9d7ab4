import { PgvtuneError } from '../../errors.js';
import { nearestOfGroups, pageOf, type Truth, within } from '../../exact/index.js';
import { canonicalJson } from '../../canonical-json.js';
import type { FilterShortfall } from '../../results/index.js';
import type { Returned, Returns } from '../../returns.js';
import { columnNamed, comparable, type DrawnFilter, type FilteredData, valueReader } from '../../workloads/index.js';

/** What is to be returned, with the exact answers, which may be fewer rows than are asked for. */
export interface ReturnedAnswers {
  readonly returns: Returned | undefined;
  readonly truth: Truth;
  /** Row number → number of its document, where answers are of different ones. */
  readonly documentOf: Int32Array | null;
  /** All exact rows up to those of the answers, where the answers are a page of them. */
  readonly ranking: Truth | null;
  readonly shortfalls: readonly FilterShortfall[];
}

/** Exact nearest rows of all queries, so many of each. */
type NearestOf = (k: number) => Promise<Truth>;

/**
 * The exact answers to queries that do not simply return the k nearest rows.
 *
 * @throws {PgvtuneError} `usage` when no query has an answer
 */
export async function returnedAnswers(
  returns: Returns | undefined,
  {
    k,
    data,
    drawn,
    nearest,
  }: { readonly k: number; readonly data: FilteredData; readonly drawn: DrawnFilter; readonly nearest: NearestOf },
): Promise<ReturnedAnswers> {
  const nothing = { documentOf: null, ranking: null, shortfalls: [] };
  if (returns === undefined) return { ...nothing, returns, truth: await nearest(k) };
  if ('within' in returns) return { ...nothing, returns, ...nearerThan(returns.within, await nearest(k)) };
  if ('page' in returns) {
    const ranking = await nearest(Math.min(returns.page * k, drawn.rows));
    const truth = pageOf(ranking, returns.page, k);
    if (truth.expected.every((expected) => expected === 0)) throw noSuchPage(returns.page, ranking);
    return { ...nothing, returns, truth, ranking };
  }
  const documentOf = await groupsOf(returns.distinct, data);
  const { truth, depths } = await nearestDocuments({ k, documentOf, drawn, nearest });
  const rows = returns.rows ?? depths.reduce((most, depth) => Math.max(most, depth), 1);
  return { ...nothing, returns: { distinct: returns.distinct, rows }, truth, documentOf };
}

function nearerThan(limit: number, all: Truth): Pick<ReturnedAnswers, 'truth' | 'shortfalls'> {
  const truth = within(all, limit);
  const rows = truth.expected.reduce((sum, count) => sum + count, 0);
  if (rows === 0) {
    const nearest = Array.from({ length: all.queries }, (_, query) => all.distances[query * all.k]!).sort(
      (a, b) => a - b,
    );
    const [low, high] = [nearest[0]!, nearest.at(-1)!].map((distance) => distance.toPrecision(4));
    throw new PgvtuneError('usage', `No query has a row nearer than ${limit}.`, {
      hint: `The nearest rows are ${low} to ${high} away.`,
    });
  }
  const none = truth.expected.reduce((count, expected) => count + (expected === 0 ? 1 : 0), 0);
  const full = truth.expected.reduce((count, expected) => count + (expected === all.k ? 1 : 0), 0);
  const data = { within: limit, mean: rows / all.queries, k: all.k, none, full, of: all.queries };
  return { truth, shortfalls: [{ code: 'cut-by-threshold', data }] };
}

const noSuchPage = (page: number, { expected }: Truth): PgvtuneError =>
  new PgvtuneError('usage', `No query has rows for page ${page}.`, {
    hint: `The filter leaves ${expected.reduce((most, rows) => Math.max(most, rows), 0)} rows at most.`,
  });

async function groupsOf(name: string, data: FilteredData): Promise<Int32Array> {
  const column = columnNamed(data.columns, name);
  const read = valueReader(name);
  const numbers = new Map<string, number>();
  const groupOf = new Int32Array(data.rowCount);
  let row = 0;
  for await (const { attributes } of data.rows()) {
    const key = canonicalJson(comparable(column, read(attributes)));
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    groupOf[row++] = number;
  }
  return groupOf;
}

/** Documents of a usual length need few more rows than there are to be documents; where they do not, more are looked at. */
const ROWS_A_DOCUMENT = 4;

async function nearestDocuments({
  k,
  documentOf,
  drawn,
  nearest,
}: {
  readonly k: number;
  readonly documentOf: Int32Array;
  readonly drawn: DrawnFilter;
  readonly nearest: NearestOf;
}): Promise<{ readonly truth: Truth; readonly depths: readonly number[] }> {
  const rows = Array.from(drawn.ofQuery, (filter) => drawn.matches[filter]!);
  for (let depth = ROWS_A_DOCUMENT * k; ; depth *= ROWS_A_DOCUMENT) {
    const found = nearestOfGroups(await nearest(Math.min(depth, drawn.rows)), { k, groupOf: documentOf, rows });
    if (found) return found;
  }
}
