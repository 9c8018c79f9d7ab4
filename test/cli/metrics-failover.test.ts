import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../src/postgres/index.js';
import { type Cluster, firstSession, startCluster } from '../support/cluster.js';
import { workingDirectory } from '../support/command-line.js';
import { type Exporter, startExporter, valueOf } from '../support/exporter.js';
import { frozenProxy } from '../support/frozen-proxy.js';
import { hasLocal } from '../support/servers.js';

/** What happens to a server in days happens to it here in seconds. */
describe.runIf(await hasLocal())('metrics of a server that fails', () => {
  const stops: (() => unknown)[] = [];
  const directory = workingDirectory();
  let primary: Cluster;
  let standby: Cluster;
  let admin: Session;
  let own: Session;

  beforeAll(async () => {
    primary = await startCluster({});
    admin = await firstSession(primary);
    await admin.query('CREATE ROLE monitor LOGIN IN ROLE pg_monitor');
    standby = await startCluster({}, { of: primary });
    own = await firstSession(standby);
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });
  afterAll(async () => {
    await own?.close();
    await standby?.stop();
    await admin?.close();
    await primary?.stop();
    directory.remove();
  });

  const watch = async (server: string, ...more: readonly string[]): Promise<Exporter> => {
    const exporter = await startExporter(directory.path, server, ...more);
    stops.push(exporter.end);
    return exporter;
  };
  const direct = (): string => `postgres://monitor@/postgres?host=${primary.folder}`;
  const backends = async (): Promise<readonly number[]> => {
    const sql = `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'pgvtune/metrics/%'`;
    return (await admin.query<{ pid: number }>(sql)).map(({ pid }) => pid);
  };

  it('say that their backend is frozen, look over another connection, and leave none behind', async () => {
    const { until } = await watch(direct(), '--deadline', '1s');
    await until(/^pgvtune_up 1$/m);
    const [pid] = await backends();
    process.kill(pid!, 'SIGSTOP');
    stops.push(() => process.kill(pid!, 'SIGCONT'));
    await until(/^pgvtune_blind\{reason="deadline"\} 1$/m);
    const page = await until(/^pgvtune_up 1$/m);
    expect(valueOf(page, 'pgvtune_connections_total')).toBe(2);
    process.kill(pid!, 'SIGCONT');
    while ((await backends()).includes(pid!)) await new Promise((resolve) => setTimeout(resolve, 50));
    stops.splice(1);
    expect(await backends()).toHaveLength(1);
  });

  it('go on after a crash, from which the server recovers', async () => {
    const { until } = await watch(direct());
    await until(/^pgvtune_up 1$/m);
    const victim = await firstSession(primary);
    const [row] = await victim.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    process.kill(row!.pid, 'SIGKILL');
    await until(/^pgvtune_failed_looks_total\{reason="(connection-lost|starting-or-stopping)"\} 1$/m);
    await until(/^pgvtune_up 1$/m);
    await victim.close().catch(() => undefined);
    await admin.close().catch(() => undefined);
    admin = await firstSession(primary);
  });

  it('follow a standby that takes over after an immediate stop, with counters that never fall', async () => {
    const socket = ({ folder }: Cluster): string => join(folder, '.s.PGSQL.5432');
    const first = await frozenProxy(socket(primary));
    const { until } = await watch(`postgres://monitor@127.0.0.1:${first.port}/postgres?sslmode=disable`);
    await until(/^pgvtune_up 1$/m);
    await own.query(
      `SELECT count(*) FROM generate_series(1, 3000) AS i WHERE (SELECT count(*) FROM pg_class WHERE oid <> i) < 0`,
    );
    await own.query('SELECT pg_stat_force_next_flush()');
    const [counted] = await own.query<{ rows: string }>('SELECT sum(seq_tup_read) AS rows FROM pg_stat_all_tables');
    expect(Number(counted!.rows)).toBeGreaterThan(WORK);
    const before = countersOf(await until(/^pgvtune_looks_total [3-9]/m));
    await admin.close();
    await primary.stop();
    await until(/^pgvtune_blind\{reason="(unreachable|connection-lost|other)"\} 1$/m);
    await first.close();
    await own.query('SELECT pg_promote()');
    const second = await frozenProxy(socket(standby), first.port);
    stops.push(() => second.close());
    await until(/^pgvtune_up 1$/m);
    const after = countersOf(await until(/^pgvtune_up 1$/m));
    const kept = [...before].filter(([sample]) => after.has(sample));
    expect(kept.length).toBeGreaterThan(20);
    expect(kept.filter(([sample, value]) => after.get(sample)! < value)).toEqual([]);
    // What the other server has counted before is no burst of work.
    expect(kept.filter(([sample, value]) => after.get(sample)! - value > WORK / 2)).toEqual([]);
  });
});

/** Rows that the standby reads before it takes over. */
const WORK = 1_000_000;

const countersOf = (page: string): ReadonlyMap<string, number> =>
  new Map(
    Array.from(page.matchAll(/^(pgvtune_\w+_total(?:\{.*\})?) (\S+)$/gm), ([, sample, value]) => [
      sample!,
      Number(value),
    ]),
  );
