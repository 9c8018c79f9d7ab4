import { isReranked, orderByExpression, queryParameter } from '../../indexes/index.js';
import { ident, literal } from '../../identifiers.js';
import type { IndexSpec, Metric } from '../../vocabulary.js';

/** A server that holds a part of the rows, as another one reaches it. */
export interface Shard {
  /** Of the foreign server and its foreign table, unquoted. */
  readonly server: string;
  readonly foreignTable: string;
  /** Options of libpq that say where it is: `host`, `port`, `dbname`. No password. */
  readonly connection: Readonly<Record<string, string>>;
  readonly user: string;
  /** Its table `(id, embedding)`, unquoted. */
  readonly table: { readonly schema: string; readonly name: string };
}

export interface ShardedSearch {
  readonly shards: readonly Shard[];
  readonly spec: IndexSpec;
  readonly metric: Metric;
  readonly dimensions: number;
  readonly k: number;
  /** Session settings of the search, by their full names: `hnsw.ef_search`. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Statements that make the shards reachable from one server.
 *
 * `extensions` lets the operators of pgvector be sent to the shard: without it every row is fetched. `options` is how a setting
 * reaches the shard at all: what is SET here is not SET there.
 *
 * @param type SQL type of the column of vectors, `vector(768)`
 */
export function foreignTables(
  { shards, settings }: Pick<ShardedSearch, 'shards' | 'settings'>,
  type: string,
): readonly string[] {
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  return [
    'CREATE EXTENSION IF NOT EXISTS postgres_fdw',
    ...shards.flatMap(({ server, foreignTable, connection, user, table }) => {
      const options = {
        ...connection,
        extensions: 'vector',
        ...(flags.length > 0 ? { options: flags.join(' ') } : {}),
      };
      return [
        `CREATE SERVER ${ident(server)} FOREIGN DATA WRAPPER postgres_fdw OPTIONS (${optionList(options)})`,
        `CREATE USER MAPPING FOR CURRENT_USER SERVER ${ident(server)} OPTIONS (${optionList({ user })})`,
        `CREATE FOREIGN TABLE ${ident(foreignTable)} (id bigint NOT NULL, embedding ${type} NOT NULL) SERVER ${ident(server)} OPTIONS (${optionList({ schema_name: table.schema, table_name: table.name })})`,
      ];
    }),
  ];
}

const optionList = (options: Readonly<Record<string, string>>): string =>
  Object.entries(options)
    .map(([name, value]) => `${ident(name)} ${literal(value)}`)
    .join(', ');

/**
 * The k nearest rows of all shards: each is asked for its own k nearest, with a constant LIMIT, and the nearest of these are taken.
 * Over a partitioned table of foreign tables the LIMIT would stay here, and a shard would return as many rows as its index finds.
 *
 * @returns null for an index whose rows are sorted anew by the table's vectors: that sort would stay here
 */
export function nearestOverShards({
  shards,
  spec,
  metric,
  dimensions,
  k,
}: Omit<ShardedSearch, 'settings'>): string | null {
  if (isReranked(spec)) return null;
  const query = queryParameter(metric, dimensions);
  const distance = orderByExpression({ spec, metric, column: 'embedding', dimensions, query });
  const parts = shards.map(
    ({ foreignTable }) =>
      `(SELECT id, ${distance} AS distance FROM ${ident(foreignTable)} ORDER BY ${distance} LIMIT ${k})`,
  );
  return `SELECT id FROM (${parts.join(' UNION ALL ')}) AS nearest ORDER BY distance LIMIT ${k}`;
}
