import { PgvtuneError } from '../../errors.js';
import { ident, literal, type Session } from '../../postgres/index.js';
import type { Random } from '../../random.js';
import { formatCount } from '../../units.js';
import {
  findJoinedColumn,
  joinedCondition,
  type JoinedColumn,
  joinedValue,
  joinSql,
  type NamedJoin,
} from '../catalog/joins.js';
import { findTable } from '../catalog/find-table.js';
import type { LiveTable } from '../catalog/table.js';
import { checkExpression } from '../statement/expression.js';

/** The rows with one value, such as a tenant's. */
export interface Group {
  /** As text; null for NULL. */
  readonly value: string | null;
  /** Rows with a vector. */
  readonly rows: number;
  /** What they meet, as SQL in parentheses. */
  readonly condition: string;
}

export interface Grouping {
  /** Tables that are joined on the way to the value, nearest first. */
  readonly through: readonly string[];
  /** Largest first. */
  readonly groups: readonly Group[];
}

export interface GroupingOptions {
  /** A column, an expression on columns, or `table.column` of a joined table. */
  readonly by: string;
  readonly joins: readonly NamedJoin[];
  /** In parentheses; null for none. */
  readonly where: string | null;
  readonly deadlineMs: number;
}

/** Where the value of a row comes from. */
type Source = { readonly expression: string } | { readonly joined: JoinedColumn };

/** More are no tenants. */
const MOST_GROUPS = 100_000;

/**
 * Finds the groups of a table's rows, in one pass over it.
 *
 * @throws {PgvtuneError} `usage` for what no rows can be grouped by
 */
export async function findGroups(session: Session, table: LiveTable, options: GroupingOptions): Promise<Grouping> {
  const { by, where, deadlineMs } = options;
  const source = await resolve(session, table, options);
  const value = 'joined' in source ? joinedValue(source.joined) : source.expression;
  // Names in the condition are the table's own; a join must not make them ambiguous.
  const rows = `(SELECT * FROM ${table.quoted} WHERE ${table.column.quoted} IS NOT NULL AND ${where ?? 'true'}) AS pgvtune_rows`;
  const from = 'joined' in source ? `${rows} ${joinSql(source.joined, 'pgvtune_rows')}` : rows;
  const found = await session
    .query<{ value: string | null; rows: string }>(
      `SELECT value::text AS value, count(*) AS rows
         FROM (SELECT ${value} AS value FROM ${from}) AS pgvtune_values
        GROUP BY value ORDER BY count(*) DESC, value LIMIT ${MOST_GROUPS + 1}`,
      [],
      { deadlineMs },
    )
    .catch((error: unknown) => {
      // No equality operator is known for the type.
      if (!(error instanceof PgvtuneError) || error.sqlstate !== '42883') throw error;
      throw new PgvtuneError('usage', `Rows cannot be grouped by "${by}": its type has no equality.`, {
        hint: "Take a part of it, such as metadata->>'tenant'.",
        cause: error,
      });
    });
  if (found.length > MOST_GROUPS) {
    throw new PgvtuneError('usage', `"${by}" has more than ${formatCount(MOST_GROUPS)} values.`, {
      hint: 'Take something that more rows share.',
    });
  }
  if (found.length > 0 && found.every((group) => group.value === null)) {
    throw new PgvtuneError('usage', `"${by}" has no value in any row.`, {
      hint: 'Is the path written as in the column? A group needs a value.',
    });
  }
  const groups = found.map((group) => {
    // The literal has no type of its own, so it gets that of the value, modifier and all.
    const own = group.value === null ? `${value} IS NULL` : `${value} = ${literal(group.value)}`;
    const condition = 'joined' in source ? joinedCondition(source.joined, own) : own;
    return { value: group.value, rows: Number(group.rows), condition: `(${condition})` };
  });
  const through = 'joined' in source ? source.joined.steps.map((step) => step.table.label) : [];
  return { through, groups };
}

/** `table.column` or `schema.table.column`, each part quoted or not. */
const QUALIFIED = /^\s*((?:(?:"(?:[^"]|"")+"|[a-z_]\w*)\.){1,2})("(?:[^"]|"")+"|[a-z_]\w*)\s*$/i;

async function resolve(session: Session, table: LiveTable, { by, joins }: GroupingOptions): Promise<Source> {
  if (table.columns.some(({ name }) => name === by)) return { expression: ident(by) };
  const [, path, last] = QUALIFIED.exec(by) ?? [];
  if (path !== undefined && last !== undefined) {
    const other = path.slice(0, -1);
    const column = last.startsWith('"') ? last.slice(1, -1).replaceAll('""', '"') : last.toLowerCase();
    if ((await findTable(session, other, table)).oid !== table.oid) {
      return { joined: await findJoinedColumn(session, table, { table: other, column }, joins) };
    }
    if (table.columns.some(({ name }) => name === column)) return { expression: ident(column) };
  }
  return { expression: await checkExpression(session, table.quoted, by) };
}

/** Groups of about the same size. */
export interface Stratum {
  readonly groups: number;
  /** Rows of the smallest and of the largest of them. */
  readonly rows: readonly [number, number];
  readonly drawn: number;
}

export interface PickedGroups {
  readonly groups: readonly Group[];
  /** Null: all groups are there. */
  readonly strata: readonly Stratum[] | null;
}

const STRATA = 5;

/**
 * All groups where they are few; else a random sample, as many from each fifth of them by size, so that every group has
 * about the same chance.
 *
 * @param groups largest first
 */
export function pickGroups(groups: readonly Group[], most: number, random: Random): PickedGroups {
  if (groups.length <= most) return { groups, strata: null };
  const strata = Math.min(STRATA, most);
  const picked: Group[] = [];
  const described: Stratum[] = [];
  for (let stratum = 0; stratum < strata; stratum++) {
    const share = (of: number): [number, number] => [
      Math.floor((stratum * of) / strata),
      Math.floor(((stratum + 1) * of) / strata),
    ];
    const own = groups.slice(...share(groups.length));
    const [first, end] = share(most);
    picked.push(...random.shuffle([...own]).slice(0, end - first));
    described.push({ groups: own.length, rows: [own.at(-1)!.rows, own[0]!.rows], drawn: end - first });
  }
  return { groups: random.shuffle(picked), strata: described };
}
