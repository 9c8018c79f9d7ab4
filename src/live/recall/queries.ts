import type { DatasetSource } from '../../datasets/index.js';
import { bitText } from '../../indexes/index.js';
import { PgvtuneError } from '../../errors.js';
import { ident, numbersInText, type Session, vectorText } from '../../postgres/index.js';
import { fetchRows, sampleRows } from '../sampling/rows.js';
import type { LiveTable } from '../catalog/table.js';
import type { Random } from '../../random.js';
import { formatCount } from '../../units.js';
import type { ApplicationStatement } from '../statement/application-statement.js';
import { drawValues } from '../statement/draw-values.js';
import type { LiveQuestion } from './question.js';

/** One query vector. */
export interface LiveQuery {
  /** Primary key of the row that it is, or its id in the log: for people. */
  readonly label: string;
  /** Where the row stands that it is; null when it is none. */
  readonly position: number | null;
  /** As the index wants it, and as the exact side wants it. */
  readonly operand: string;
  readonly exactOperand: string;
  /** Of the statement's other parameters: `$2` … */
  readonly values: readonly string[];
}

/** Parameters of the statement that the index serves, and of the exact side. */
export const parametersOf = ({ operand, values }: LiveQuery): readonly string[] => [operand, ...values];
export const exactParametersOf = ({ exactOperand, values }: LiveQuery): readonly string[] => [exactOperand, ...values];

/** Query vectors, and what was found out about the vectors of their source on the way. */
export interface LiveQueries {
  readonly queries: readonly LiveQuery[];
  /** Rows looked at, and those of them without a vector; null for a log. */
  readonly rows: { readonly seen: number; readonly nulls: number } | null;
  /** Vectors drawn, before those that cannot be asked were left out. */
  readonly drawn: number;
  /** Zero vectors among them: they have no direction, so under cosine they are in no index and cannot be asked. */
  readonly zero: number;
  /** Standard deviation of their lengths over the mean length. */
  readonly lengthSpread: number;
}

export interface DrawOptions {
  readonly queries: number;
  readonly where: string | null;
  readonly random: Random;
  readonly deadlineMs: number;
}

/** A tenth more than is asked for: some may turn out to be zero vectors. */
const withSpares = (queries: number): number => Math.ceil(queries * 1.1) + 1;

/** What names a row for people: its primary key, or its place. */
const labelOf = ({ primaryKey }: LiveTable): string =>
  primaryKey.length > 0 ? `concat_ws(', ', ${primaryKey.map(ident).join(', ')})` : 'ctid::text';

/** Rows of the table itself, drawn at random among those that meet the condition, in random order. */
export async function drawRows(
  session: Session,
  table: LiveTable,
  question: LiveQuestion,
  { queries, where, random, deadlineMs }: DrawOptions,
): Promise<LiveQueries> {
  const sample = await sampleRows(session, table, { rows: withSpares(queries), where, random, deadlineMs });
  if (sample.positions.length < 2) {
    throw new PgvtuneError('dataset', `${table.label} has ${sample.positions.length} such rows with a vector.`, {
      hint: where === null ? 'Fill the table first.' : 'Take a condition that more rows meet.',
    });
  }
  const order = new Map(Array.from(sample.positions, (position, i) => [position, i]));
  const rows = (await readQueryRows(session, table, question, sample.positions, deadlineMs)).toSorted(
    (a, b) => order.get(a.position)! - order.get(b.position)!,
  );
  return { ...usable(rows, question, queries), rows: { seen: sample.seen, nulls: sample.nulls } };
}

/** The query that a row is now, without values of other parameters; one that is gone is left out. */
export const readQueryRows = async (
  session: Session,
  table: LiveTable,
  { operand, exactOperand }: LiveQuestion,
  positions: readonly number[] | Float64Array,
  deadlineMs: number,
): Promise<(LiveQuery & { readonly position: number })[]> =>
  (
    await fetchRows<Omit<LiveQuery, 'position' | 'values'>>(
      session,
      table,
      positions,
      () => `${labelOf(table)} AS label, (${operand})::text AS operand, (${exactOperand})::text AS "exactOperand"`,
      { deadlineMs },
    )
  ).map((row) => ({ ...row, values: [] }));

/** A query that an application asked. */
export interface LoggedQuery {
  readonly label: string;
  /** Of all parameters of its statement but those that are the same for every query, by their numbers. */
  readonly values: ReadonlyMap<number, string>;
}

/** The queries of executions of a statement, drawn at random, in random order. */
export async function drawFromExecutions(
  session: Session,
  table: LiveTable,
  question: LiveQuestion,
  executions: readonly LoggedQuery[],
  {
    queries,
    random,
    statement: { vector, logged },
  }: Pick<DrawOptions, 'queries' | 'random'> & { readonly statement: Pick<ApplicationStatement, 'vector' | 'logged'> },
): Promise<LiveQueries> {
  const kept = random.shuffle([...executions]).slice(0, withSpares(queries));
  const given = kept.map(({ label, values }) => ({
    label,
    text: values.get(vector)!,
    values: logged.map((number) => values.get(number)!),
  }));
  return { ...usable(await converted(session, table, question, given), question, queries), rows: null };
}

/** Query vectors that are converted by one statement. */
const BATCH = 100;

/** Vectors of a log (a file, another table), drawn at random, in random order. */
export async function drawFromLog(
  session: Session,
  table: LiveTable,
  question: LiveQuestion,
  source: DatasetSource,
  { queries, random }: Pick<DrawOptions, 'queries' | 'random'>,
): Promise<LiveQueries> {
  const { column } = table;
  if (column.dimensions !== null && source.dimensions !== column.dimensions) {
    throw new PgvtuneError(
      'usage',
      `Expected query vectors of ${column.dimensions} dimensions as in ${table.label}, got ${source.dimensions} in ${source.name}.`,
      { hint: 'Give the vectors that the application queries this column with.' },
    );
  }
  const kept = random.shuffle(await sampleLog(source, withSpares(queries), random));
  const toText = (vector: Float32Array): string => (column.baseType === 'bit' ? bitText(vector) : vectorText(vector));
  const given = kept.map(({ label, vector }) => ({ label, text: toText(vector), values: [] }));
  const drawn = await converted(session, table, question, given);
  if (drawn.length === 0) throw new PgvtuneError('dataset', `${source.name}: there are no query vectors.`);
  return { ...usable(drawn, question, queries), rows: null };
}

/** Queries whose vectors are given, as the index and the exact side want them. */
async function converted(
  session: Session,
  { column }: LiveTable,
  { operand, exactOperand }: LiveQuestion,
  given: readonly { readonly label: string; readonly text: string; readonly values: readonly string[] }[],
): Promise<readonly LiveQuery[]> {
  const vector = column.baseType === 'sparsevec' ? 'pgvtune_vector::vector' : 'pgvtune_vector';
  const queries: LiveQuery[] = [];
  for (let first = 0; first < given.length; first += BATCH) {
    const batch = given.slice(first, first + BATCH);
    const operands = await session.query<{ operand: string; exactOperand: string }>(
      // The index's expression sees a row whose only column is the query vector.
      `SELECT (${operand})::text AS operand, (${exactOperand})::text AS "exactOperand"
         FROM unnest($1::text[]) WITH ORDINALITY AS pgvtune_given(pgvtune_vector, pgvtune_n)
         CROSS JOIN LATERAL (SELECT ${vector}::${column.type} AS ${column.quoted}) AS pgvtune_query
        ORDER BY pgvtune_n`,
      [batch.map(({ text }) => text)],
    );
    queries.push(
      ...operands.map((each, i) => ({ ...each, label: batch[i]!.label, position: null, values: batch[i]!.values })),
    );
  }
  return queries;
}

/** Algorithm R over the source's own queries, or its rows when it has none. */
async function sampleLog(
  source: DatasetSource,
  size: number,
  random: Random,
): Promise<{ readonly label: string; readonly vector: Float32Array }[]> {
  const kept: { label: string; vector: Float32Array }[] = [];
  let seen = 0;
  for await (const { rows, vectors, ids } of source.queries() ?? source.base()) {
    for (let row = 0; row < rows; row++) {
      const slot = seen < size ? seen : random.int(seen + 1);
      if (slot < size) {
        const vector = vectors.slice(row * source.dimensions, (row + 1) * source.dimensions);
        kept[slot] = { label: String(ids?.[row] ?? seen), vector };
      }
      seen++;
    }
  }
  return kept;
}

/**
 * The same queries with values of the statement's other parameters: for a row those that it has, for a vector of a log those of
 * a random row.
 */
export async function withValues(
  session: Session,
  table: LiveTable,
  statement: ApplicationStatement,
  queries: readonly LiveQuery[],
  { random, deadlineMs }: Pick<DrawOptions, 'random' | 'deadlineMs'>,
): Promise<readonly LiveQuery[]> {
  if (statement.drawn.length === 0) return queries;
  const rows = queries.length;
  const others = queries.every(({ position }) => position !== null)
    ? null
    : (await sampleRows(session, table, { rows, where: null, random, deadlineMs })).positions;
  const positions = queries.map(({ position }, i) => position ?? others![i % others!.length]!);
  const values = await drawValues(session, table, statement, positions, { random, deadlineMs });
  return queries.map((query, i) => ({ ...query, values: values[i]! }));
}

function usable(drawn: readonly LiveQuery[], { metric }: LiveQuestion, queries: number): Omit<LiveQueries, 'rows'> {
  const lengths = drawn.map(({ exactOperand }) =>
    Math.sqrt(numbersInText(exactOperand).reduce((sum, x) => sum + x * x, 0)),
  );
  const usable = drawn.filter((_, i) => metric !== 'cosine' || lengths[i]! > 0);
  if (usable.length === 0) {
    throw new PgvtuneError('dataset', `All ${formatCount(drawn.length)} vectors drawn are zero vectors.`, {
      hint: 'Cosine distance is not defined for them: store NULL where there is no embedding.',
    });
  }
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const variance = lengths.reduce((sum, length) => sum + (length - mean) ** 2, 0) / lengths.length;
  return {
    queries: usable.slice(0, queries),
    drawn: drawn.length,
    zero: lengths.filter((length) => length === 0).length,
    lengthSpread: mean > 0 ? Math.sqrt(variance) / mean : 0,
  };
}
