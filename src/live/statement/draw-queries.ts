import { PgvtuneError } from '../../errors.js';
import type { Session } from '../../postgres/index.js';
import { readLiveTable } from '../catalog/table.js';
import { fetchRows, sampleRows } from '../sampling/rows.js';
import type { LoggedQuery } from '../recall/queries.js';
import { readApplicationStatement } from './application-statement.js';
import { drawValues, type DrawValuesOptions } from './draw-values.js';

export interface DrawnQueries {
  /** `$1` is the vector. */
  readonly text: string;
  /** Lists of its parameters. */
  readonly parameters: readonly (readonly string[])[];
}

/**
 * Parameters of a search: vectors of random rows, and what is drawn for the others. In a transaction.
 *
 * @param statement as `readApplicationStatement` takes it
 * @throws {PgvtuneError} `dataset` when the table holds no vectors
 */
export async function drawQueries(
  session: Session,
  {
    table,
    column,
    statement,
    values,
    executions,
  }: {
    table: string;
    column: string;
    statement: string;
    values: ReadonlyMap<number, string>;
    /** What it was asked with; absent: rows are the queries. */
    executions?: readonly LoggedQuery[] | undefined;
  },
  { queries, random, deadlineMs }: DrawValuesOptions & { readonly queries: number },
): Promise<DrawnQueries> {
  const found = await readLiveTable(session, table, column);
  const read = await readApplicationStatement(session, found, statement, {
    values,
    isLogged: executions !== undefined,
  });
  if (executions) {
    const kept = random.shuffle([...executions]).slice(0, queries);
    const numbers = [read.vector, ...read.logged];
    return { text: read.text, parameters: kept.map((one) => numbers.map((number) => one.values.get(number)!)) };
  }
  const { positions } = await sampleRows(session, found, { rows: queries, where: null, random, deadlineMs });
  if (positions.length === 0) {
    throw new PgvtuneError('dataset', `${found.label} has no row with a vector.`, { hint: 'Fill the table first.' });
  }
  const rows = await fetchRows<{ vector: string }>(
    session,
    found,
    positions,
    () => `${found.column.quoted}::text AS vector`,
    { deadlineMs },
  );
  const drawn = await drawValues(
    session,
    found,
    read,
    rows.map(({ position }) => position),
    { random, deadlineMs },
  );
  return { text: read.text, parameters: rows.map(({ vector }, i) => [vector, ...drawn[i]!]) };
}
