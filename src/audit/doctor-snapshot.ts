import { availableParallelism, loadavg } from 'node:os';
import { statfs } from 'node:fs/promises';
import {
  readServerFacts,
  readSettings,
  type Server,
  type ServerFacts,
  type Session,
  type Settings,
} from '../postgres/index.js';

/** What `doctor` judges: read once, so that the judging is a pure function. */
export interface DoctorSnapshot {
  readonly server: Pick<Server, 'label' | 'disposable' | 'capabilities'>;
  readonly facts: ServerFacts;
  /** Newest version of the extension that the server could be updated to. */
  readonly pgvectorAvailable: string | null;
  readonly settings: Settings;
  readonly inRecovery: boolean;
  readonly mayCreateSchema: boolean;
  /** Backends of others that run a statement now. */
  readonly otherActiveBackends: number;
  /** Distinct backends that served five statements: more than one means a pooler in transaction mode. */
  readonly backendsSeen: number;
  /** Free bytes in /dev/shm, when the server runs on this machine. */
  readonly sharedMemoryBytes: number | null;
  /** Load of the last minute per core of this machine. */
  readonly loadPerCore: number;
}

const SETTINGS = [
  'auto_explain.log_min_duration',
  'autovacuum',
  'debug_assertions',
  'default_transaction_read_only',
  'dynamic_shared_memory_type',
  'enable_indexscan',
  'enable_seqscan',
  'enable_sort',
  'jit',
  'log_min_duration_statement',
  'log_statement',
  'maintenance_work_mem',
  'max_parallel_maintenance_workers',
  'max_parallel_workers',
  'max_worker_processes',
  'plan_cache_mode',
  'shared_buffers',
  'track_io_timing',
] as const;

/** Reads everything that `doctor` judges; changes nothing. */
export async function takeDoctorSnapshot(server: Server, session: Session): Promise<DoctorSnapshot> {
  const [row] = await session.query<{
    available: string | null;
    in_recovery: boolean;
    may_create: boolean;
    others: string;
  }>(
    `SELECT (SELECT default_version FROM pg_available_extensions WHERE name = 'vector') AS available,
            pg_is_in_recovery() AS in_recovery,
            has_database_privilege(current_database(), 'CREATE') AS may_create,
            (SELECT count(*) FROM pg_stat_activity
              WHERE backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()
                AND application_name NOT LIKE 'pgvtune/%') AS others`,
  );
  const backends = new Set<number>();
  for (let i = 0; i < 5; i++) {
    const [seen] = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    if (seen) backends.add(seen.pid);
  }
  return {
    server,
    facts: await readServerFacts(session),
    pgvectorAvailable: row?.available ?? null,
    settings: await readSettings(session, SETTINGS),
    inRecovery: row?.in_recovery ?? false,
    mayCreateSchema: row?.may_create ?? false,
    otherActiveBackends: Number(row?.others ?? 0),
    backendsSeen: backends.size,
    sharedMemoryBytes: server.disposable && server.capabilities.nativeTimings ? await freeSharedMemory() : null,
    loadPerCore: (loadavg()[0] ?? 0) / availableParallelism(),
  };
}

const freeSharedMemory = (): Promise<number | null> =>
  statfs('/dev/shm').then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );
