import type { StatementRewrite } from '../../../audit/index.js';
import { PgvtuneError } from '../../../errors.js';
import { explainPrepared, type Session } from '../../../postgres/index.js';
import {
  type KeyedTable,
  readSelect,
  relationsNamed,
  type Rewritten,
  rewritesOf,
  usedOperators,
} from '../../../statements/index.js';
import { relationText } from '../../explain/relations.js';
import { volatileAmong } from '../../statement/side-effects.js';
import { isWorthwhile, prepared } from './prepared.js';

/**
 * Plans a statement as it could be written instead, with the same rows; nothing is executed.
 *
 * @param options.types of its parameters
 * @returns the cheapest way that costs half or less; null: there is none
 */
export async function cheapestRewrite(
  session: Session,
  query: string,
  { types, cost }: { readonly types: readonly string[]; readonly cost: number },
): Promise<StatementRewrite | null> {
  let cheapest: StatementRewrite | null = null;
  for (const { sql, change } of await readRewrites(session, query)) {
    const plan = await prepared(
      session,
      sql,
      ({ name, literals }) => explainPrepared(session, { name, text: sql }, literals, { analyze: false }),
      types,
    );
    if (!plan || !isWorthwhile(cost, plan.totalCost) || plan.totalCost >= (cheapest?.costAfter ?? Infinity)) continue;
    cheapest = { sql, change, settings: {}, sameRows: true, costBefore: cost, costAfter: plan.totalCost };
  }
  return cheapest;
}

/** Other ways to write a SELECT, by its text and the constraints of its tables. */
export async function readRewrites(session: Session, query: string): Promise<readonly Rewritten[]> {
  const root = selectOf(query);
  if (!root) return [];
  const volatile = [...(await volatileAmong(session, root)), ...(await volatileOperators(session, root))];
  return volatile.length > 0 ? [] : rewritesOf(root, await readKeyedTables(session, root));
}

/** PostgreSQL has none, but anybody may make one. */
const volatileOperators = (session: Session, root: ReturnType<typeof readSelect>): Promise<readonly unknown[]> =>
  session.query(
    `SELECT FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode WHERE p.provolatile = 'v' AND o.oprname = ANY ($1::text[])`,
    [usedOperators(root)],
  );

/** Null for what is left as it is, such as WITH TIES. */
function selectOf(query: string): ReturnType<typeof readSelect> | null {
  try {
    return readSelect(query);
  } catch (error) {
    if (error instanceof PgvtuneError && error.code === 'usage') return null;
    throw error;
  }
}

/** The tables that a statement names. A table with children keeps no key over all its rows. */
async function readKeyedTables(session: Session, root: ReturnType<typeof readSelect>): Promise<readonly KeyedTable[]> {
  const named = relationsNamed(root);
  const found = await session.query<Pick<KeyedTable, 'columns' | 'keys'> & { readonly relation: string }>(
    `SELECT named.relation,
            (SELECT json_agg(json_build_object('name', a.attname, 'notNull', ${NOT_NULL}, 'comparable', ${COMPARABLE}))
               FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
            coalesce((SELECT json_agg(ARRAY(
                               SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)))
                        FROM pg_constraint k JOIN pg_index i ON i.indexrelid = k.conindid
                        JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
                       WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u') AND NOT k.condeferrable
                         AND i.indisvalid AND m.amname = 'btree'
                         AND NOT (c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = c.oid))
                         AND NOT EXISTS (
                               SELECT FROM pg_attribute a
                                WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey) AND NOT (${NOT_NULL}))), '[]') AS keys
       FROM unnest($1::text[]) AS named(relation)
       JOIN pg_class c ON c.oid = to_regclass(named.relation)
      WHERE c.relkind IN ('r', 'p')`,
    [named.map(relationText)],
  );
  return named.flatMap((one) => {
    const table = found.find(({ relation }) => relation === relationText(one));
    return table ? [{ ...one, columns: table.columns ?? [], keys: table.keys }] : [];
  });
}

/** From PostgreSQL 18 on, the rows from before such a constraint may not have been looked at. */
const NOT_NULL = `a.attnotnull AND NOT EXISTS (
  SELECT FROM pg_constraint n
   WHERE n.conrelid = a.attrelid AND n.contype = 'n' AND NOT n.convalidated AND a.attnum = ANY (n.conkey))`;

/** Types of PostgreSQL itself, and enumerations. */
const COMPARABLE = `(t.oid < 16384 OR t.typtype = 'e')`;
