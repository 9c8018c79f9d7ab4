import { randomBytes } from 'node:crypto';
import { PgvtuneError } from '../../errors.js';
import type { ConnectionTarget } from '../connection-url.js';
import type { Server } from '../server.js';
import { asArguments, clusterSettings } from './cluster-settings.js';
import { serveNew } from './serve-new.js';
import type { ServerContext } from './serve.js';

/** PostgreSQL 17 with a pgvector that has the fixes to parallel builds (0.8.2) and to HNSW vacuum (0.8.3, 0.8.4). */
const IMAGE = 'pgvector/pgvector:0.8.4-pg17';
const PORT = 5432;

/** The memory that the Docker engine has, in bytes; undefined when none answers. */
export async function dockerMemoryBytes(): Promise<number | undefined> {
  // Loaded only when asked for: it takes a third of a second.
  const { getContainerRuntimeClient } = await import('testcontainers');
  try {
    return (await getContainerRuntimeClient()).info.containerRuntime.memory;
  } catch {
    return undefined;
  }
}

/**
 * PostgreSQL with pgvector in a container, removed at the end; after a crash by testcontainers' own reaper.
 *
 * @throws {PgvtuneError} `environment` when no Docker engine answers, or the container does not start
 */
export async function openContainer(context: ServerContext): Promise<Server> {
  const memoryBytes = await dockerMemoryBytes();
  if (memoryBytes === undefined) {
    throw new PgvtuneError('environment', 'No Docker engine answers.', {
      hint: 'Start Docker or set DOCKER_HOST; or choose the server "local" or "embedded".',
    });
  }
  context.note({ code: 'starting-container', data: { image: IMAGE } });
  const password = randomBytes(16).toString('hex');
  const container = await startContainer(memoryBytes, password);
  const target: ConnectionTarget = {
    host: container.getHost(),
    port: container.getMappedPort(PORT),
    user: 'postgres',
    database: 'postgres',
    password: () => password,
    tls: false,
  };
  return serveNew({
    kind: 'container',
    label: 'container',
    capabilities: { sessions: Infinity, copy: true, progress: true, nativeTimings: true, processes: false },
    target,
    context,
    stop: async () => void (await container.stop({ removeVolumes: true })),
  });
}

async function startContainer(memoryBytes: number, password: string) {
  const { GenericContainer, Wait } = await import('testcontainers');
  const settings = clusterSettings({ memoryBytes, diskBytes: undefined, sharedMemoryBytes: undefined });
  try {
    return await new GenericContainer(IMAGE)
      .withEnvironment({ POSTGRES_PASSWORD: password, POSTGRES_INITDB_ARGS: '--no-sync' })
      .withExposedPorts(PORT)
      // A parallel build needs maintenance_work_mem in /dev/shm, of which Docker gives 64 MB.
      .withSharedMemorySize(Math.floor(memoryBytes / 2))
      .withCommand(['postgres', ...asArguments(settings)])
      // The image starts the server twice, the first time only to initialise the cluster.
      .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
      .start();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PgvtuneError('environment', `The container ${IMAGE} did not start: ${reason}`, {
      hint: 'Check that Docker can pull the image; or choose the server "local" or "embedded".',
      cause,
    });
  }
}
