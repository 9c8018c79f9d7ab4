import { PgvtuneError } from '../../errors.js';
import { groupBy } from '../../group-by.js';
import { ident, literal, type Session } from '../../postgres/index.js';
import type { Random } from '../../random.js';
import {
  columnOf,
  type DrawnParameter,
  relationsCalled,
  relationsNamed,
  rowsWhateverParameters,
} from '../../statements/index.js';
import type { LiveTable } from '../catalog/table.js';
import { placeOf } from '../sampling/rows.js';
import type { ApplicationStatement } from './application-statement.js';

export interface DrawValuesOptions {
  readonly random: Random;
  readonly deadlineMs: number;
}

/**
 * Values of the parameters of a statement, one list for each of some rows of the table of the vectors: what the row itself has,
 * with the rows that the statement joins to it, where a parameter must equal it or a row must not; what another row has for a
 * bound, the lower one of a range being the lower value. So each value comes as often as rows have it. A row that the
 * statement cannot find lends those of another. An array has the value of the row and those of some others. A parameter of a subquery gets that of a random row of the table there.
 *
 * @param positions of the rows
 * @throws {PgvtuneError} `usage` where no value can be drawn; `dataset` where the statement finds none of the rows
 */
export async function drawValues(
  session: Session,
  table: LiveTable,
  statement: ApplicationStatement,
  positions: readonly number[],
  options: DrawValuesOptions,
): Promise<readonly (readonly string[])[]> {
  const { drawn } = statement;
  if (drawn.length === 0) return positions.map(() => []);
  const outer = drawn.filter(({ isOuter }) => isOuter);
  const ofRows = await valuesOfRows(session, table, { ...statement, drawn: outer }, positions, options);
  const ofTables = new Map<DrawnParameter, readonly string[]>();
  for (const parameter of drawn.filter(({ isOuter }) => !isOuter)) {
    ofTables.set(parameter, await valuesOfTable(session, statement, parameter, positions.length, options));
  }
  return positions.map((_, i) =>
    drawn.map((parameter) => ofTables.get(parameter)?.[i] ?? ofRows[i]![outer.indexOf(parameter)]!),
  );
}

interface FoundRow {
  readonly leaf: string;
  readonly place: string;
  readonly [value: string]: string;
}

async function valuesOfRows(
  session: Session,
  { leaves, label }: LiveTable,
  { root, tableName, drawn }: ApplicationStatement,
  positions: readonly number[],
  { random, deadlineMs }: DrawValuesOptions,
): Promise<readonly (readonly string[])[]> {
  if (drawn.length === 0) return positions.map(() => []);
  const rows = rowsWhateverParameters(
    root,
    tableName,
    drawn.map(({ expression }) => expression),
  );
  if (rows === null) throw nothingSays(drawn[0]!);
  const places = positions.map((position) => {
    const { leaf, ctid } = placeOf(leaves, position);
    return `${leaf.oid} ${ctid}`;
  });
  const columns = drawn.map(({ as }, i) =>
    // What has no order is compared by no bound.
    isBound(as) ? `c${i}::text AS v${i}, rank() OVER (ORDER BY c${i}) AS r${i}` : `c${i}::text AS v${i}`,
  );
  const found = await session.query<FoundRow>(
    `SELECT leaf::text, place::text AS place, ${columns.join(', ')} FROM (${rows}) AS pgvtune_rows
      WHERE place = ANY ($1::tid[]) AND ${drawn.map((_, i) => `c${i} IS NOT NULL`).join(' AND ')}
      ORDER BY leaf, place, ${drawn.map((_, i) => `v${i}`).join(', ')}`,
    [places.map((place) => place.replace(/^\d+ /, ''))],
    { deadlineMs },
  );
  const byPlace = groupBy(found, ({ leaf, place }) => `${leaf} ${place}`);
  const all = places.flatMap((place) => byPlace.get(place) ?? []);
  if (all.length === 0) {
    throw new PgvtuneError(
      'dataset',
      `The statement finds none of ${positions.length} random rows of ${label}, whatever its parameters are.`,
      {
        hint: `Give values: --param '${drawn[0]!.number}=…'.`,
      },
    );
  }
  const pick = (from: readonly FoundRow[]): FoundRow => from[random.int(from.length)]!;
  return places.map((place) => {
    const own = pick(byPlace.get(place) ?? all);
    const from = drawn.map(({ as }) => (as === 'value' || as === 'array' ? own : pick(all)));
    return ordered(
      drawn,
      from.map((row, i) => {
        const value = row[`v${i}`]!;
        if (drawn[i]!.as !== 'array') return { value, rank: Number(row[`r${i}`]) };
        const others = Array.from({ length: ARRAY_VALUES - 1 }, () => pick(all)[`v${i}`]!);
        return { value: arrayOf([value, ...others]), rank: 0 };
      }),
    );
  });
}

/** Values of an array that a parameter gets: nobody says how many the application gives. */
const ARRAY_VALUES = 10;

/** A PostgreSQL array of these values, each once. */
const arrayOf = (values: readonly string[]): string =>
  `{${Array.from(new Set(values), (value) => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`;

const isBound = (as: DrawnParameter['as']): boolean => as === 'low' || as === 'high';

/** Gives the lower of two values of one expression to its lower bound. */
function ordered(
  drawn: readonly DrawnParameter[],
  values: readonly { readonly value: string; readonly rank: number }[],
): readonly string[] {
  const result = values.map(({ value }) => value);
  for (const [low, { as, label }] of drawn.entries()) {
    const high = drawn.findIndex((other) => other.as === 'high' && other.label === label);
    if (as !== 'low' || high < 0 || values[low]!.rank <= values[high]!.rank) continue;
    [result[low], result[high]] = [result[high]!, result[low]!];
  }
  return result;
}

/** Values of a column of a table that a subquery reads, each as often as rows have it. */
async function valuesOfTable(
  session: Session,
  { root }: ApplicationStatement,
  parameter: DrawnParameter,
  count: number,
  { random, deadlineMs }: DrawValuesOptions,
): Promise<readonly string[]> {
  const use = columnOf(parameter.expression);
  if (!use) throw nothingSays(parameter);
  const named = use.alias === null ? relationsNamed(root) : relationsCalled(root, use.alias);
  const tables = named.map(({ schema, name }) => (schema === null ? ident(name) : `${ident(schema)}.${ident(name)}`));
  const having = await session.query<{ table: string }>(
    `SELECT named.name AS table FROM unnest($1::text[]) AS named(name)
      WHERE EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(named.name) AND attname = $2 AND NOT attisdropped)`,
    [tables, use.column],
  );
  const [only, ...others] = having;
  if (!only || others.length > 0) throw nothingSays(parameter);
  const rows = await session.query<{ value: string }>(
    `SELECT ${ident(use.column)}::text AS value FROM ${only.table} WHERE ${ident(use.column)} IS NOT NULL
      ORDER BY md5(ctid::text || ${literal(String(random.next()))}) LIMIT ${count}`,
    [],
    { deadlineMs },
  );
  if (rows.length === 0) throw nothingSays(parameter);
  const at = (i: number): string => rows[i % rows.length]!.value;
  return Array.from({ length: count }, (_, i) =>
    parameter.as === 'array' ? arrayOf(Array.from({ length: ARRAY_VALUES }, (__, j) => at(i + j))) : at(i),
  );
}

const nothingSays = ({ number, label }: DrawnParameter): PgvtuneError =>
  new PgvtuneError('usage', `No value can be drawn for $${number}, which is compared with ${label}.`, {
    hint: `Give its value: --param '${number}=…'.`,
  });
