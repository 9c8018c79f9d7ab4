import { PgvtuneError } from '../../errors.js';
import { ident, type Session } from '../../postgres/index.js';
import type { Random } from '../../random.js';
import {
  calledFunctions,
  columnOf,
  type ColumnUse,
  comparisonOf,
  type KnownRelation,
  limitParameters,
  queryParameterOf,
  relationsCalled,
  USUAL_LIMIT,
  type VectorSearch,
} from '../../statements/index.js';
import type { LiveTable } from '../catalog/table.js';
import { fetchRows, sampleRows } from '../sampling/rows.js';
import { refused } from './application.js';
import { relationText } from './relations.js';
import type { StatementParameter } from './report.js';

export interface ValueOf extends StatementParameter {
  readonly text: string;
}

/** Types of a prepared statement's parameters, as SQL wants them. */
export async function parameterTypes(session: Session, name: string): Promise<readonly string[]> {
  const [row] = await session.query<{ types: string[] }>(
    'SELECT parameter_types::text[] AS types FROM pg_prepared_statements WHERE name = $1',
    [name],
  );
  return row?.types ?? [];
}

export interface ValueOptions {
  readonly session: Session;
  readonly search: VectorSearch;
  readonly relations: readonly KnownRelation[];
  readonly table: LiveTable;
  readonly types: readonly string[];
  /** By number. */
  readonly given: ReadonlyMap<number, string>;
  readonly random: Random;
  readonly deadlineMs: number;
}

/**
 * A value for every parameter: as given; for the query vector that of a row of the table, for a column that must equal it one of
 * its own values, for LIMIT 10.
 *
 * @throws {PgvtuneError} `usage` for a parameter that nothing says anything about
 */
export async function valuesOf(options: ValueOptions): Promise<readonly ValueOf[]> {
  const { types, given } = options;
  const beyond = [...given.keys()].find((number) => number < 1 || number > types.length);
  if (beyond !== undefined) {
    throw new PgvtuneError('usage', `The statement has no parameter $${beyond}.`, {
      hint: types.length === 0 ? 'It has none.' : `It has $1 to $${types.length}.`,
    });
  }
  const values: ValueOf[] = [];
  for (const [i, type] of types.entries()) {
    const number = i + 1;
    const text = given.get(number);
    const value = text === undefined ? await drawn(number, type, options) : { text, source: 'given' as const };
    values.push({ number, type, ...value, value: isVector(type) ? null : value.text });
  }
  return values;
}

const isVector = (type: string): boolean => /(^|\.)"?(vector|halfvec|sparsevec|bit|bit varying)\b|\[\]$/.test(type);

const ALIKE = ['vector', 'halfvec'];

/** The number of the parameter that is a vector like those of the column; null: there is none. */
export function vectorParameterOf({
  search,
  types,
  table,
}: Pick<ValueOptions, 'search' | 'types' | 'table'>): number | null {
  const number = queryParameterOf(search);
  const type = types[(number ?? 0) - 1]?.replace(/^.*\./, '').replace(/\(.*$/, '') ?? '';
  // The text of a vector is that of a halfvec as well; a cast takes any text, but a function may make a vector of a word.
  const isAlike = type === table.column.baseType || [type, table.column.baseType].every((one) => ALIKE.includes(one));
  return isAlike || (type === 'text' && calledFunctions(search.operand).length === 0) ? number : null;
}

async function drawn(number: number, type: string, options: ValueOptions): Promise<Pick<ValueOf, 'text' | 'source'>> {
  const { session, search, relations } = options;
  const { limit, offset } = limitParameters(search.root);
  if (limit.includes(number)) return { text: String(USUAL_LIMIT), source: 'usual' };
  if (offset.includes(number)) return { text: '0', source: 'usual' };
  if (vectorParameterOf(options) === number) {
    const [vector] = await drawVectors(options, 1);
    return { text: vector!, source: 'drawn from the table' };
  }
  const compared = comparisonOf(search.root, number);
  // How many rows a bound leaves is for its user to say.
  const use = compared?.as === 'value' ? columnOf(compared.expression) : null;
  const relation = use && tableOfColumn(search, use, relations);
  if (use && relation) {
    const [row] = await session
      .query<{ value: string }>(
        `SELECT ${ident(use.column)}::text AS value FROM ${relationText(relation)} WHERE ${ident(use.column)} IS NOT NULL LIMIT 1`,
      )
      .catch(refused);
    if (row) return { text: row.value, source: 'drawn from the table' };
  }
  throw new PgvtuneError('usage', `Nothing says what $${number} (${type}) could be.`, {
    hint: `Give its value: --param '${number}=…'.`,
  });
}

/** The table that a column is of; null where several have such a column, and the text does not say which. */
function tableOfColumn(
  { root, relation }: VectorSearch,
  { alias, column }: ColumnUse,
  relations: readonly KnownRelation[],
): KnownRelation | null {
  const named =
    alias === null
      ? []
      : relations.filter((known) =>
          relationsCalled(root, alias).some(({ schema, name }) => schema === known.schema && name === known.name),
        );
  // A name of a subquery says nothing of the table below it.
  const having = (named.length > 0 ? named : relations).filter(({ columns }) =>
    columns.some(({ name }) => name === column),
  );
  if (having.length < 2) return having[0] ?? null;
  return (
    having.find(({ schema, name }) => schema === (relation.schemaname ?? null) && name === relation.relname) ?? null
  );
}

/** Vectors of random rows, as text. */
export async function drawVectors(
  { session, table, random, deadlineMs }: Pick<ValueOptions, 'session' | 'table' | 'random' | 'deadlineMs'>,
  rows: number,
): Promise<readonly string[]> {
  const { positions } = await sampleRows(session, table, { rows, where: null, random, deadlineMs });
  const found = await fetchRows<{ vector: string }>(
    session,
    table,
    positions,
    () => `${table.column.quoted}::text AS vector`,
    {
      deadlineMs,
    },
  );
  if (found.length > 0) return found.map(({ vector }) => vector);
  throw new PgvtuneError('dataset', `${table.label} has no row with a vector.`, { hint: 'Fill the table first.' });
}
