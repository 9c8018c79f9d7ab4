import type { Session, Statement } from '../postgres/index.js';
import { type CanaryReading, readCanary } from './canary.js';
import type { Clock } from './clock.js';
import { type BeforeAfter, compareMachine, type MachineChange, readMachine } from './machine.js';
import { ownProcesses } from './processes.js';

/**
 * What went on around a measurement. Null: it cannot be known here, because the server has no such thing, the role may
 * not see it, or the operating system does not tell.
 */
export interface Conditions {
  /** How many times the server was looked at, the first and the last look included. */
  readonly looks: number;
  readonly server: {
    /** True: it was started again, recovered from a crash, or its statistics were reset, between two looks. */
    readonly interrupted: boolean;
    /** Checkpoints that began. */
    readonly checkpoints: number | null;
    /** VACUUM and ANALYZE of the table, or of its partitions, that ended, by hand or by autovacuum. */
    readonly vacuums: number | null;
    /** Rows of the table that were inserted, updated or deleted, since the watch was set up. */
    readonly changedRows: number | null;
    /** Most autovacuum workers that were at work at one look, on any table. */
    readonly autovacuumWorkers: number | null;
    /** Most sessions of others that ran a statement at one look. */
    readonly otherSessions: number | null;
  };
  /** The machine of this process, which is the server's, too, when the server runs here. */
  readonly machine: MachineChange;
  readonly canary: BeforeAfter<CanaryReading>;
}

/** Looks at a server's state between the blocks of measurements. */
export interface Watch {
  /** Begins a measurement. */
  begin(): Promise<Observation>;
  /** Does work on the session that changes rows and takes the changes back: they are the run's own, and do not count. */
  excluding<T>(work: () => Promise<T>): Promise<T>;
}

export interface Observation {
  /** To be called between blocks, outside of any transaction: one statement of about a millisecond. */
  look(): Promise<void>;
  end(): Promise<Conditions>;
}

export interface WatchOptions {
  readonly session: Session;
  /** Quoted and qualified name of the table under test; its partitions and children are watched with it. */
  readonly table: string;
  readonly clock: Clock;
  /** True where the server has a single session and no processes beside it: then there is nobody else to be seen. */
  readonly alone: boolean;
}

/** One look at the server; counters count from the server's own beginning. */
interface Look {
  /** Changes when the server starts again, and when its statistics are lost in a crash. */
  readonly identity: string;
  readonly checkpoints: number | null;
  readonly vacuums: number | null;
  readonly changedRows: number | null;
  readonly autovacuumWorkers: number | null;
  readonly otherSessions: number | null;
}

/** Sets up a watch; changes of the table count from now on. */
export async function watchConditions({ session, table, clock, alone }: WatchOptions): Promise<Watch> {
  const [server] = await session.query<{ version: string }>("SELECT current_setting('server_version_num') AS version");
  const version = Number(server?.version);
  const statement = lookStatement(version);
  // What this session itself loaded is counted when it likes; a watch that is set up before that would be misled.
  const flush = async (): Promise<void> => {
    if (version >= FLUSHES) await session.query('SELECT pg_stat_force_next_flush()');
  };
  await flush();

  const look = async (): Promise<Look> =>
    toLook((await session.execute(statement, [table]))[0] ?? [], { version, alone });
  let first = await look();

  return {
    async excluding(work) {
      const before = await look();
      const answer = await work();
      await flush();
      const after = await look();
      const own = (after.changedRows ?? 0) - (before.changedRows ?? 0);
      first = { ...first, changedRows: first.changedRows === null ? null : first.changedRows + own };
      return answer;
    },
    async begin() {
      const canaryBefore = await readCanary(session, clock);
      // A server without processes of its own is a child of this one.
      const own = alone ? [process.pid] : ownProcesses(session.backendPid);
      const machineBefore = readMachine(own);
      const looks = [await look()];
      return {
        async look() {
          looks.push(await look());
        },
        async end() {
          looks.push(await look());
          const machineAfter = readMachine(own);
          return {
            looks: looks.length,
            server: compareLooks(first, looks),
            machine: compareMachine(machineBefore, machineAfter),
            canary: { before: canaryBefore, after: await readCanary(session, clock) },
          };
        },
      };
    },
  };
}

/** From this version on a session can be told to hand in its statistics, and counts of rows can be relied on. */
const FLUSHES = 15_00_00;

/** Checkpoints have a view of their own from PostgreSQL 17 on. */
const lookStatement = (version: number): Statement => ({
  name: 'pgvtune_conditions',
  text: `
    WITH RECURSIVE tree AS (
      SELECT $1::regclass::oid AS oid UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid)
    SELECT pg_postmaster_start_time()::text || ' ' || coalesce(
             (SELECT stats_reset FROM ${version >= 17_00_00 ? 'pg_stat_checkpointer' : 'pg_stat_bgwriter'})::text, ''),
           (SELECT ${
             version >= 17_00_00
               ? 'num_timed + num_requested FROM pg_stat_checkpointer'
               : 'checkpoints_timed + checkpoints_req FROM pg_stat_bgwriter'
           }),
           t.vacuums, t.changed, a.workers, a.others, a.hidden
      FROM (SELECT sum(pg_stat_get_vacuum_count(oid) + pg_stat_get_autovacuum_count(oid)
                     + pg_stat_get_analyze_count(oid) + pg_stat_get_autoanalyze_count(oid)) AS vacuums,
                   sum(pg_stat_get_tuples_inserted(oid) + pg_stat_get_tuples_updated(oid)
                     + pg_stat_get_tuples_deleted(oid)) AS changed
              FROM tree) AS t,
           (SELECT count(*) FILTER (WHERE backend_type = 'autovacuum worker') AS workers,
                   count(*) FILTER (WHERE backend_type = 'client backend' AND state = 'active'
                     AND NOT starts_with(application_name,
                       regexp_replace(current_setting('application_name'), '[^/]*$', ''))) AS others,
                   count(*) FILTER (WHERE query = '<insufficient privilege>') AS hidden
              FROM pg_stat_activity WHERE pid <> pg_backend_pid()) AS a`,
});

function toLook(row: readonly unknown[], { version, alone }: { version: number; alone: boolean }): Look {
  const [identity, checkpoints, vacuums, changedRows, workers, others, hidden] = row;
  // Sessions of other roles may hide what they are; seen ones count, but that there is none cannot be said then.
  const seen = (count: unknown): number | null =>
    alone || (Number(count) === 0 && Number(hidden) > 0) ? null : Number(count);
  return {
    identity: String(identity),
    checkpoints: alone ? null : Number(checkpoints),
    vacuums: Number(vacuums),
    changedRows: version >= FLUSHES ? Number(changedRows) : null,
    autovacuumWorkers: seen(workers),
    otherSessions: seen(others),
  };
}

function compareLooks(first: Look, looks: readonly Look[]): Conditions['server'] {
  const [begin, last] = [looks[0]!, looks.at(-1)!];
  const since = (from: Look, member: 'checkpoints' | 'vacuums' | 'changedRows'): number | null => {
    const [before, after] = [from[member], last[member]];
    // A counter that went back was reset.
    return before === null || after === null || after < before ? null : after - before;
  };
  const most = (member: 'autovacuumWorkers' | 'otherSessions'): number | null => {
    const counts = looks.flatMap((look) => look[member] ?? []);
    return counts.length === 0 ? null : Math.max(...counts);
  };
  return {
    interrupted: looks.some(({ identity }) => identity !== begin.identity),
    checkpoints: since(begin, 'checkpoints'),
    vacuums: since(begin, 'vacuums'),
    changedRows: since(first, 'changedRows'),
    autovacuumWorkers: most('autovacuumWorkers'),
    otherSessions: most('otherSessions'),
  };
}
