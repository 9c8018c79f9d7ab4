import type { Dataset } from '../store/dataset.js';
import { type Judgement, readQrelsFile } from './qrels.js';
import { PgvtuneError } from '../../errors.js';
import { formatCount } from '../../units.js';

/** Which rows are relevant to which query, as people judged it. */
export interface Judgements {
  /** For each query of the dataset, in its order: grades by row number. A grade of 0 says "looked at, not relevant". */
  readonly byQuery: readonly ReadonlyMap<number, number>[];
  /** Judgements of queries or rows that the dataset does not have: usual where it is a part of the judged collection. */
  readonly unknown: number;
  /** The first of them, as their file has them. */
  readonly firstUnknown: readonly Judgement[];
}

/** Member of a query's attributes that holds its judgements: `{"relevant": {"id of a row": grade}}`. */
const RELEVANT = 'relevant';

/**
 * Reads judgements of TREC's, BEIR's or MS MARCO's form, with the ids of the dataset's own queries and rows. A pair that is
 * judged twice has the grade of its last line.
 *
 * @throws {PgvtuneError} `dataset` for a line of another form, and when no line names a query and a row of the dataset
 */
export const readQrels = async (path: string, dataset: Dataset): Promise<Judgements> =>
  resolveJudgements(path, await readQrelsFile(path), dataset);

/**
 * Reads the judgements that the dataset's queries carry themselves, as `relevant: {id: grade}`; null when none does.
 *
 * @throws {PgvtuneError} `dataset` when `relevant` is something else, and when it names no row of the dataset
 */
export async function judgementsOfQueries(dataset: Dataset): Promise<Judgements | null> {
  const judgements: Judgement[] = [];
  let isJudged = false;
  for await (const { id, attributes } of dataset.queryRows()) {
    const relevant = attributes[RELEVANT];
    if (relevant === undefined || relevant === null) continue;
    isJudged = true;
    const grades = typeof relevant === 'object' && !Array.isArray(relevant) ? Object.entries(relevant) : null;
    const wrong = grades?.find(([, grade]) => !Number.isInteger(grade));
    if (grades === null || wrong !== undefined) {
      const got = JSON.stringify(wrong === undefined ? relevant : { [wrong[0]]: wrong[1] as unknown }).slice(0, 80);
      throw new PgvtuneError('dataset', `Query ${id}: expected "${RELEVANT}" to be {"id": whole grade}, got ${got}.`);
    }
    for (const [row, grade] of grades) judgements.push({ query: String(id), row, grade: Number(grade) });
  }
  return isJudged ? resolveJudgements(`The queries of ${dataset.manifest.name}`, judgements, dataset) : null;
}

/** How many judgements a message names before it only counts. */
const NAMED = 5;

/**
 * Finds the queries and rows that are named by their ids.
 *
 * @throws {PgvtuneError} `dataset` when no line names a query and a row of the dataset
 */
export async function resolveJudgements(
  source: string,
  judgements: readonly Judgement[],
  dataset: Dataset,
): Promise<Judgements> {
  const queryNumbers = new Map<string, number>();
  for await (const { id } of dataset.queryRows()) queryNumbers.set(String(id), queryNumbers.size);
  const rowNumbers = await numbersOf(new Set(judgements.map(({ row }) => row)), dataset);

  const byQuery = Array.from({ length: queryNumbers.size }, () => new Map<number, number>());
  let unknown = 0;
  const firstUnknown: Judgement[] = [];
  for (const judgement of judgements) {
    const { query, row, grade } = judgement;
    const queryNumber = queryNumbers.get(query);
    const rowNumber = rowNumbers.get(row);
    if (queryNumber === undefined || rowNumber === undefined) {
      unknown++;
      if (firstUnknown.length < NAMED) firstUnknown.push(judgement);
    } else byQuery[queryNumber]!.set(rowNumber, grade);
  }
  if (unknown === judgements.length) {
    throw new PgvtuneError(
      'dataset',
      `${source}: none of ${formatCount(judgements.length)} lines names a query and a row of ${dataset.manifest.name}.`,
      { hint: 'Queries and rows are named by the ids that the imported files give them.' },
    );
  }
  return { byQuery, unknown, firstUnknown };
}

/** Numbers of the rows that have one of these ids; the base may have far more rows than were judged. */
async function numbersOf(ids: ReadonlySet<string>, dataset: Dataset): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>();
  let row = 0;
  for await (const { id } of dataset.rows()) {
    if (ids.has(String(id))) numbers.set(String(id), row);
    row++;
  }
  return numbers;
}
