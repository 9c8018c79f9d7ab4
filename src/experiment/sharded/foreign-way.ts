import { shortHash } from '../../canonical-json.js';
import { columnTypeSql } from '../../indexes/index.js';
import { checkSettings, scanOf, VoidPoint } from '../../measure/index.js';
import { applySettings, explainQuery, ident, literal } from '../../postgres/index.js';
import { foreignTables, nearestOverShards, type Shard, vectorArgument } from '../../workloads/index.js';
import { argumentText, encodeArgument } from '../points/arm.js';
import { TABLE } from '../table/load.js';
import type { OpenShard } from './with-shards.js';
import type { Way, WayContext, WaySettings } from './way.js';

/**
 * The run's own server asks the shards over `postgres_fdw`, one after the other. Settings are options of the foreign servers, so
 * each setting has servers of its own, which last until {@link dropForeignServers}.
 *
 * @param set number of the setting
 */
export async function foreignWay(context: WayContext, { settings, gucs }: WaySettings, set: number): Promise<Way> {
  const { session, workspace, shards, spec, metric, dimensions, k, queries } = context;
  const reached = shards.map((shard, i) =>
    reach(shard, { name: `${workspace.schema}_${set}_${i}`, suffix: `${set}_${i}` }),
  );
  const [, ...statements] = foreignTables({ shards: reached, settings: gucs }, columnTypeSql(metric, dimensions));
  await session.transaction(async () => {
    for (const statement of statements) await session.query(statement);
    for (const { server, settingsTable } of reached) {
      await session.query(
        `CREATE FOREIGN TABLE ${ident(settingsTable)} (name text, setting text) SERVER ${ident(server)} OPTIONS (schema_name 'pg_catalog', table_name 'pg_settings')`,
      );
      // What has the mark of the schema goes with it, whatever becomes of this program.
      await session.query(`COMMENT ON SERVER ${ident(server)} IS ${literal(workspace.mark)}`);
    }
  });
  const text = nearestOverShards({ shards: reached, spec, metric, dimensions, k });
  if (text === null) throw new TypeError('A re-ranked index was asked of shards.');
  const statement = { name: `pgvtune_${shortHash(text)}`, text };
  const vectors = Array.from({ length: queries.size }, (_, q) => vectorArgument(metric, queries.vector(q)));
  const encoded = vectors.map(encodeArgument);

  return {
    name: 'foreign-tables',
    settings,
    async begin() {
      await session.query('DISCARD PLANS');
    },
    async ask(q) {
      const rows = await session.execute(statement, [encoded[q]!]);
      return rows.map(([id]) => Number(id));
    },
    async prove(q) {
      const vector = literal(argumentText(vectors[q]!));
      const [explained] = await session.query<{ 'QUERY PLAN': unknown }>(
        `EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE "${statement.name}" (${vector})`,
      );
      const sent = remoteStatements(explained?.['QUERY PLAN']);
      const whole = sent.filter((remote) => new RegExp(` ORDER BY .* LIMIT ${k}(::bigint)?$`).test(remote));
      if (whole.length < shards.length) {
        throw new VoidPoint({
          code: 'not-sent-to-shards',
          data: { shards: shards.length - whole.length, of: shards.length },
        });
      }
      for (const [i, shard] of shards.entries()) {
        const { settingsTable } = reached[i]!;
        const rows = await session.query<{ name: string; setting: string }>(
          `SELECT name, setting FROM ${ident(settingsTable)} WHERE name IN (${Object.keys(gucs).map(literal).join(', ') || 'NULL'})`,
        );
        checkSettings(gucs, Object.fromEntries(rows.map(({ name, setting }) => [name, setting])));
        // It is a cursor there, which may be planned otherwise than a query. A plan for any vector names none.
        const remote = whole[i]!.replaceAll(/\$1\b/g, () => vector);
        await shard.session.rolledBack(async () => {
          await applySettings(shard.session, gucs);
          scanOf(await explainQuery(shard.session, `DECLARE pgvtune CURSOR FOR ${remote}`), shard.wanted);
        });
      }
    },
  };
}

/** A shard as the run's server reaches it. No password: that server would have to keep it. */
function reach(
  { target, workspace }: OpenShard,
  { name, suffix }: { readonly name: string; readonly suffix: string },
): Shard & { readonly settingsTable: string } {
  const { host, port, user, database, tls } = target;
  const sslmode = tls === false ? 'disable' : tls.rejectUnauthorized ? 'verify-full' : 'require';
  return {
    server: name,
    foreignTable: `${TABLE}_${suffix}`,
    settingsTable: `settings_${suffix}`,
    connection: { host, port: String(port), dbname: database, sslmode },
    user,
    table: { schema: workspace.schema, name: TABLE },
  };
}

/** What a plan sends to foreign servers, in its order. */
function remoteStatements(plan: unknown): readonly string[] {
  if (Array.isArray(plan)) return plan.flatMap(remoteStatements);
  if (typeof plan !== 'object' || plan === null) return [];
  return Object.entries(plan).flatMap(([key, value]) =>
    key === 'Remote SQL' ? [String(value)] : remoteStatements(value),
  );
}

/** Drops the foreign servers of the run, with their tables and connections. */
export async function dropForeignServers({
  session,
  workspace,
}: Pick<WayContext, 'session' | 'workspace'>): Promise<void> {
  const servers = await session.query<{ name: string }>(
    "SELECT srvname AS name FROM pg_foreign_server WHERE obj_description(oid, 'pg_foreign_server') = $1",
    [workspace.mark],
  );
  for (const { name } of servers) await session.query(`DROP SERVER ${ident(name)} CASCADE`);
}
