import { PgvtuneError } from '../../errors.js';
import { ident, type Session } from '../../postgres/index.js';
import { readColumns, readPrimaryKey } from './columns.js';
import { findTable, type FoundTable } from './find-table.js';

/** From a table to another one, of which every row meets at most one row. */
export interface JoinStep {
  readonly table: FoundTable;
  /** Columns that are equal: of the table before, and of this one. */
  readonly on: readonly { readonly from: string; readonly to: string }[];
}

/** A column of another table, and the way there. */
export interface JoinedColumn {
  /** From the table of the vectors on; the last has the column. */
  readonly steps: readonly JoinStep[];
  readonly column: string;
}

/** A table that is joined by a column of the one before it: `documents:document_id`. */
export interface NamedJoin {
  readonly table: string;
  readonly column: string;
}

interface ForeignKey {
  readonly from: number;
  readonly to: number;
  readonly table: string;
  readonly fromColumns: readonly string[];
  readonly toColumns: readonly string[];
}

/** More would be no filter that an application writes. */
const MOST_STEPS = 4;

/**
 * Finds the way from a table to another one: along its foreign keys, or along the joins that are named.
 *
 * @param from the table of the vectors
 * @throws {PgvtuneError} `usage` for no such table or column, no way there, or several equally short ones
 */
export async function findJoinedColumn(
  session: Session,
  from: FoundTable,
  target: { readonly table: string; readonly column: string },
  named: readonly NamedJoin[],
): Promise<JoinedColumn> {
  const found = await findTable(session, target.table, from);
  await requireColumn(session, found, target.column);
  const steps =
    named.length > 0 ? await followNamed(session, from, found, named) : await followForeignKeys(session, from, found);
  return { steps, column: target.column };
}

/** `documents:document_id` means the primary key of documents. */
async function followNamed(
  session: Session,
  from: FoundTable,
  target: FoundTable,
  named: readonly NamedJoin[],
): Promise<readonly JoinStep[]> {
  const steps: JoinStep[] = [];
  let before = from;
  for (const { table: text, column } of named) {
    const table = await findTable(session, text, from);
    await requireColumn(session, before, column);
    const [key, ...others] = await readPrimaryKey(session, table.oid);
    if (key === undefined || others.length > 0) {
      throw new PgvtuneError('usage', `${table.label} has no primary key of one column to be joined by.`, {
        hint: 'Declare the foreign key, which says what is joined.',
      });
    }
    steps.push({ table, on: [{ from: column, to: key }] });
    before = table;
    if (table.oid === target.oid) return steps;
  }
  throw new PgvtuneError('usage', `The joins do not lead to ${target.label}.`, {
    hint: `Name a join for it: ${target.label}:column.`,
  });
}

async function followForeignKeys(session: Session, from: FoundTable, target: FoundTable): Promise<readonly JoinStep[]> {
  const keys = await readForeignKeys(session);
  let paths: (readonly ForeignKey[])[] = keys.filter((key) => key.from === from.oid).map((key) => [key]);
  for (let length = 1; length <= MOST_STEPS && paths.length > 0; length++) {
    const arrived = paths.filter((path) => path.at(-1)!.to === target.oid);
    if (arrived.length > 1) throw ambiguous(from, target, arrived);
    const [path] = arrived;
    if (path) {
      const steps: JoinStep[] = [];
      for (const { table, fromColumns, toColumns } of path) {
        steps.push({
          table: await findTable(session, table),
          on: fromColumns.map((column, i) => ({ from: column, to: toColumns[i]! })),
        });
      }
      return steps;
    }
    paths = paths.flatMap((path) =>
      keys
        .filter((key) => key.from === path.at(-1)!.to && !path.some((step) => step.from === key.to))
        .map((key) => [...path, key]),
    );
  }
  throw new PgvtuneError('usage', `No foreign key leads from ${from.label} to ${target.label}.`, {
    hint: `Name the column that refers to it: --join ${target.label}:column.`,
  });
}

function ambiguous(from: FoundTable, target: FoundTable, paths: readonly (readonly ForeignKey[])[]): PgvtuneError {
  const ways = paths.map((path) => path.map((key) => `${key.table}:${key.fromColumns.join('+')}`).join(' '));
  return new PgvtuneError(
    'usage',
    `Several foreign keys lead from ${from.label} to ${target.label}: ${ways.join(', ')}.`,
    {
      hint: `Name the one that is meant: --join ${ways[0]!}.`,
    },
  );
}

const readForeignKeys = (session: Session): Promise<ForeignKey[]> =>
  session.query<ForeignKey>(
    `SELECT f.conrelid AS from, f.confrelid AS to, format('%I.%I', n.nspname, c.relname) AS table,
            (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(f.conkey) WITH ORDINALITY AS k(number, n)
               JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.number) AS "fromColumns",
            (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(f.confkey) WITH ORDINALITY AS k(number, n)
               JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.number) AS "toColumns"
       FROM pg_constraint f
       JOIN pg_class c ON c.oid = f.confrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE f.contype = 'f' AND f.conparentid = 0
      ORDER BY f.oid`,
  );

async function requireColumn(session: Session, { oid, label }: FoundTable, column: string): Promise<void> {
  const columns = await readColumns(session, oid);
  if (columns.some(({ name }) => name === column)) return;
  throw new PgvtuneError('usage', `${label} has no column "${column}".`, {
    hint: `It has ${columns.map(({ name }) => name).join(', ')}.`,
  });
}

/** Alias of a joined table, by its place among the steps. */
const aliasOf = (step: number): string => `pgvtune_${step + 1}`;

/** SQL of the value, where the joins of {@link joinSql} are. */
export const joinedValue = ({ steps, column }: JoinedColumn): string => `${aliasOf(steps.length - 1)}.${ident(column)}`;

/** The joins behind `FROM … AS rows`. @param rows alias of the table of the vectors */
export const joinSql = ({ steps }: JoinedColumn, rows: string): string =>
  steps
    .map(({ table, on }, step) => {
      const before = step === 0 ? rows : aliasOf(step - 1);
      const equal = on.map(({ from, to }) => `${aliasOf(step)}.${ident(to)} = ${before}.${ident(from)}`);
      return `JOIN ${table.quoted} AS ${aliasOf(step)} ON ${equal.join(' AND ')}`;
    })
    .join(' ');

/** The value of one row, as an expression; null where no row of the other table meets it. @param rows alias of the table of the vectors */
export const joinedScalar = (joined: JoinedColumn, rows: string): string =>
  `(SELECT ${joinedValue(joined)} FROM (SELECT) AS pgvtune_0 ${joinSql(joined, rows)})`;

/**
 * The same as a condition on the rows of the table of the vectors. The planner makes of it the plan of a join, because a
 * row meets at most one (PostgreSQL src/backend/optimizer/plan/analyzejoins.c, reduce_unique_semijoins).
 *
 * @param condition on {@link joinedValue}
 */
export const joinedCondition = ({ steps }: JoinedColumn, condition: string): string =>
  steps.reduceRight((inner, { table, on }, step) => {
    const outer = on.map(({ from }) => (step === 0 ? ident(from) : `${aliasOf(step - 1)}.${ident(from)}`));
    const own = on.map(({ to }) => `${aliasOf(step)}.${ident(to)}`);
    return `(${outer.join(', ')}) IN (SELECT ${own.join(', ')} FROM ${table.quoted} AS ${aliasOf(step)} WHERE ${inner})`;
  }, condition);
