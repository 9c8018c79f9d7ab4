import type { TestProject } from 'vitest/node';
import { type Cluster, firstSession, startCluster } from './cluster.js';
import { hasLocal } from './servers.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folders of the Unix sockets of the servers that tests of checks share; null where PostgreSQL is not installed. */
    checkServers: { readonly healthy: string; readonly standby: string } | null;
  }
}

const clusters: Cluster[] = [];

/** Starts, once for all tests of checks, a server that gives no cause for complaint, and a standby with stock settings. */
export async function setup(project: TestProject): Promise<void> {
  if (!(await hasLocal())) {
    project.provide('checkServers', null);
    return;
  }
  const healthy = await startCluster({
    autovacuum: 'off',
    jit: 'off',
    // Above PostgreSQL's default.
    shared_buffers: '256MB',
    shared_preload_libraries: 'pg_stat_statements',
    'pg_stat_statements.track_planning': 'on',
    // Less than a container has of /dev/shm.
    maintenance_work_mem: '32MB',
  });
  clusters.push(healthy);
  const standby = await startCluster({}, { standby: true });
  clusters.push(standby);
  const session = await firstSession(healthy);
  await session.query('CREATE EXTENSION vector');
  // Membership is all that a login of a test needs; grants to each would get in each other's way.
  await session.query(
    'CREATE ROLE measurer IN ROLE pg_read_all_stats; GRANT CREATE ON DATABASE postgres TO measurer; CREATE ROLE nobody',
  );
  await session.close();
  await (await firstSession(standby)).close();
  project.provide('checkServers', { healthy: healthy.folder, standby: standby.folder });
}

export async function teardown(): Promise<void> {
  await Promise.all(clusters.map(({ stop }) => stop()));
}
