import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Observation } from '../../src/measure/conditions.js';
import { monotonicClock, type Watch, watchConditions } from '../../src/measure/index.js';
import { compareMachine, type MachineReading, readMachine } from '../../src/measure/machine.js';
import { openWorkspace, type Server, type Session, type Workspace } from '../../src/postgres/index.js';
import { describeServers, hasLocal, open } from '../support/servers.js';
import { checkpointStatistics } from '../support/checkpoint-statistics.js';

describe('the machine before and after', () => {
  const reading: MachineReading = {
    load: 1,
    mhz: 2000,
    cpu: { total: 1000, programs: 700, idle: 200, stolen: 10 },
    own: 300,
    swappedPages: 7,
  };
  const later = (ticks: { total: number; programs: number; idle: number; own: number }): MachineReading => ({
    ...reading,
    cpu: { total: 1000 + ticks.total, programs: 700 + ticks.programs, idle: 200 + ticks.idle, stolen: 10 },
    own: 300 + ticks.own,
  });

  it('tells the share of the ticks in between that were stolen', () => {
    const cpu = { total: 1040, programs: 710, idle: 200, stolen: 20 };
    const after: MachineReading = { load: 2, mhz: 1900, cpu, own: 305, swappedPages: 9 };
    expect(compareMachine(reading, after)).toEqual({
      load: { before: 1, after: 2 },
      mhz: { before: 2000, after: 1900 },
      stealShare: 0.25,
      otherWork: null,
      swappedPages: 2,
    });
  });

  it('tells what others used in between, its own work excepted', () => {
    const { otherWork } = compareMachine(reading, later({ total: 400, programs: 390, idle: 8, own: 190 }));
    expect(otherWork).toEqual({ share: 0.5, idleShare: 0.02 });
  });

  it('takes no work of its own for that of others, whatever the load average of the minute says', () => {
    const before = { ...reading, load: 16 };
    const after = { ...later({ total: 400, programs: 398, idle: 0, own: 399 }), load: 16 };
    expect(compareMachine(before, after).otherWork).toEqual({ share: 0, idleShare: 0 });
  });

  it('tells nothing of others in a few ticks, or when the server cannot be seen', () => {
    expect(compareMachine(reading, later({ total: 99, programs: 99, idle: 0, own: 9 })).otherWork).toBeNull();
    const unseen = { ...later({ total: 400, programs: 390, idle: 8, own: 0 }), own: null };
    expect(compareMachine(reading, unseen).otherWork).toBeNull();
  });

  it.each([
    ['when no tick has passed', reading],
    ['when the system does not tell', { ...reading, cpu: null }],
  ])('tells no share %s', (_, after) => {
    expect(compareMachine(reading, after).stealShare).toBeNull();
    expect(compareMachine(after, reading).stealShare).toBeNull();
  });
});

/** The system counts in ticks of 10 ms, which a quick machine is through before; some count none at all. */
const ticks = (): number => readMachine(null).cpu?.total ?? 0;

/** Looks until a tick has passed. @returns how many times */
async function lookForATick(observation: Observation): Promise<number> {
  const before = ticks();
  const hasPassed = (): boolean => before === 0 || ticks() > before;
  let looks = 0;
  do {
    await observation.look();
    looks++;
  } while (!hasPassed());
  return looks;
}

async function tableOn(server: Server): Promise<{ workspace: Workspace; session: Session; table: string }> {
  const workspace = await openWorkspace(server, 'conditions');
  const session = await workspace.connect('measure');
  const table = workspace.quote('items');
  await session.query(`CREATE TABLE ${table} (id int, v int)`);
  await session.query(`INSERT INTO ${table} SELECT i, i FROM generate_series(1, 1000) AS i`);
  return { workspace, session, table };
}

await describeServers('conditions', (server, choice) => {
  let workspace: Workspace;
  let session: Session;
  let table: string;
  beforeEach(async () => {
    ({ workspace, session, table } = await tableOn(server()));
  });
  afterEach(() => workspace.drop());

  it('of a quiet moment: nothing happened, and what cannot be known there is null', async () => {
    const alone = server().capabilities.sessions === 1;
    const watch = await watchConditions({ session, table, clock: monotonicClock, alone });
    const observation = await watch.begin();
    const asked = await lookForATick(observation);
    const { looks, server: seen, machine, canary } = await observation.end();
    expect(looks).toBe(asked + 2);
    expect(seen).toEqual(
      choice === 'embedded'
        ? {
            interrupted: false,
            checkpoints: null,
            vacuums: 0,
            changedRows: 0,
            autovacuumWorkers: null,
            otherSessions: null,
          }
        : {
            interrupted: false,
            checkpoints: 0,
            vacuums: 0,
            changedRows: 0,
            autovacuumWorkers: 0,
            otherSessions: 0,
          },
    );
    expect(canary.before.roundTripMs).toHaveLength(6);
    expect(canary.after.cpuMs.every((ms) => ms > 0)).toBe(true);
    if (process.platform === 'linux') {
      expect(machine.load.after).toBeGreaterThanOrEqual(0);
      if (ticks() > 0) expect(machine.stealShare).toBeGreaterThanOrEqual(0);
      if (existsSync('/proc/vmstat')) expect(machine.swappedPages).toBeGreaterThanOrEqual(0);
    }
  });

  it('of a table whose rows change: how many, counted since the watch was set up', async () => {
    const watch = await watchConditions({ session, table, clock: monotonicClock, alone: false });
    await session.query(`UPDATE ${table} SET v = 0 WHERE id <= 50`);
    await session.query('SELECT pg_stat_force_next_flush()');
    const observation = await watch.begin();
    expect((await observation.end()).server.changedRows).toBe(50);
  });
});

describe.runIf(await hasLocal())('conditions of a server with other sessions', () => {
  let server: Server;
  let other: Session;
  let at: Awaited<ReturnType<typeof tableOn>>;
  let watch: Watch;
  beforeAll(async () => {
    server = await open('local');
    other = await server.connect('somebody else');
    await other.query("SET application_name = 'psql'");
    at = await tableOn(server);
    watch = await watchConditions({ ...at, clock: monotonicClock, alone: false });
  });
  afterAll(() => server.stop());

  const during = async (act: () => Promise<unknown>) => {
    const observation = await watch.begin();
    await act();
    return (await observation.end()).server;
  };

  it('notes a checkpoint', async () => {
    const counted = async (): Promise<number> => {
      const { count } = await checkpointStatistics(other);
      const [row] = await other.query<{ checkpoints: string }>(count);
      return Number(row!.checkpoints);
    };
    const seen = await during(async () => {
      const before = await counted();
      await other.query('CHECKPOINT');
      // The checkpointer hands in its count a moment after it has let the caller go.
      while ((await counted()) === before);
    });
    expect(seen.checkpoints).toBe(1);
  });

  it('notes a VACUUM of the table', async () => {
    const seen = await during(async () => {
      await other.query(`VACUUM (ANALYZE) ${at.table}`);
      await other.query('SELECT pg_stat_force_next_flush()');
    });
    expect(seen.vacuums).toBe(2);
  });

  it('notes a session of somebody else that is at work, and none that is idle', async () => {
    expect((await during(() => other.query('SELECT 1'))).otherSessions).toBe(0);
    await at.session.query('SELECT pg_advisory_lock(7)');
    const waiting = other.query('SELECT pg_advisory_lock(7)');
    const observation = await watch.begin();
    // The lock's queue shows when the other session is at work.
    for (let waiters = '0'; waiters === '0';) {
      const [row] = await at.session.query<{ waiters: string }>(
        `SELECT count(*) AS waiters FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`,
      );
      waiters = row!.waiters;
    }
    const seen = (await observation.end()).server;
    await at.session.query('SELECT pg_advisory_unlock(7)');
    await waiting;
    expect(seen.otherSessions).toBe(1);
  });

  it('notes that the statistics began anew, as they do after a crash', async () => {
    const { reset } = await checkpointStatistics(other);
    expect((await during(() => other.query(reset))).interrupted).toBe(true);
  });

  it('does not claim that nobody is there when it may not see', async () => {
    await other.query('CREATE ROLE stranger LOGIN');
    await other.query(`GRANT USAGE ON SCHEMA ${at.workspace.schema} TO stranger`);
    await other.query('SET SESSION AUTHORIZATION stranger');
    const blind = await watchConditions({ session: other, table: at.table, clock: monotonicClock, alone: false });
    const observation = await blind.begin();
    const seen = (await observation.end()).server;
    await other.query('RESET SESSION AUTHORIZATION');
    expect(seen).toMatchObject({ autovacuumWorkers: null, otherSessions: null, checkpoints: 0 });
  });
});
