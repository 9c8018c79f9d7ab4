import type { Session } from '../../src/postgres/index.js';
import type { OracleMetric, Placed } from './arithmetic.js';
import type { World, WorldQuery } from './world.js';

/*
 * The questions once more, in SQL as anybody would type it: constants in the text, no parameters, no prepared statement.
 */

const OPERATORS: Readonly<Record<OracleMetric, string>> = { l2: '<->', ip: '<#>', cosine: '<=>', l1: '<+>' };
const CLASSES: Readonly<Record<OracleMetric, string>> = {
  l2: 'vector_l2_ops',
  ip: 'vector_ip_ops',
  cosine: 'vector_cosine_ops',
  l1: 'vector_l1_ops',
};

export const classOf = (metric: OracleMetric): string => CLASSES[metric];
const textOf = (vector: readonly number[]): string => `'[${vector.join(',')}]'::vector`;
export const farFrom = (metric: OracleMetric, vector: readonly number[], column = 'embedding'): string =>
  `${column} ${OPERATORS[metric]} ${textOf(vector)}`;

/** What the planner is to see, and how it is to search. */
export interface Sight {
  /** Names of the indexes that stay, beside primary keys. */
  readonly indexes: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
}

/** Small tables would rather be read as a whole: what is asked of an index has to be asked so. */
export const BY_INDEX = { enable_seqscan: 'off', enable_sort: 'off', jit: 'off' };
export const BY_TABLE = { enable_indexscan: 'off', enable_bitmapscan: 'off', enable_indexonlyscan: 'off' };

export async function inSight<T>(session: Session, { indexes, settings }: Sight, work: () => Promise<T>): Promise<T> {
  return session.rolledBack(async () => {
    const others = await session.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       WHERE i.indrelid IN (SELECT oid FROM pg_class WHERE relname IN ('items', 'documents')) AND NOT i.indisprimary`,
    );
    for (const { name } of others) if (!indexes.includes(name)) await session.query(`DROP INDEX "${name}"`);
    for (const [name, value] of Object.entries(settings)) await session.query(`SET LOCAL ${name} = '${value}'`);
    return work();
  });
}

/** Ids of the k nearest, as they come. */
export async function nearestIds(
  session: Session,
  { metric, k }: Pick<World, 'metric' | 'k'>,
  { vector }: Pick<WorldQuery, 'vector'>,
  { from = 'items i', where = 'true' }: { readonly from?: string; readonly where?: string } = {},
): Promise<readonly number[]> {
  const rows = await session.query<{ id: string }>(
    `SELECT i.id FROM ${from} WHERE ${where} ORDER BY ${farFrom(metric, vector, 'i.embedding')} LIMIT ${k}`,
  );
  return rows.map(({ id }) => Number(id));
}

/** Ids of the rows that a condition leaves. */
export async function matchingIds(session: Session, from: string, where: string): Promise<ReadonlySet<number>> {
  const rows = await session.query<{ id: string }>(`SELECT i.id FROM ${from} WHERE ${where}`);
  return new Set(rows.map(({ id }) => Number(id)));
}

/** The vector leg as the server gives it: negative distances, as it computes them. */
export async function vectorLeg(
  session: Session,
  { metric }: Pick<World, 'metric'>,
  { vector }: WorldQuery,
  depth: number,
): Promise<readonly Placed[]> {
  const far = farFrom(metric, vector);
  const rows = await session.query<{ id: string; value: number }>(
    `SELECT id, -(${far}) AS value FROM items ORDER BY ${far} LIMIT ${depth}`,
  );
  return rows.map(({ id, value }) => ({ id: Number(id), value }));
}

/** All rows whose text matches, with their rank. */
export async function textMatches(session: Session, { text }: WorldQuery, match: string): Promise<readonly Placed[]> {
  const words = [...new Set(text.split(' '))].map((word) => `'${word}'`);
  const query = `'${words.join(match === 'all' ? ' & ' : ' | ').replaceAll("'", "''")}'::tsquery`;
  const rows = await session.query<{ id: string; value: number }>(
    `SELECT id, ts_rank(to_tsvector('simple', content), ${query}, 1)::float8 AS value FROM items
     WHERE to_tsvector('simple', content) @@ ${query}`,
  );
  return rows.map(({ id, value }) => ({ id: Number(id), value }));
}
