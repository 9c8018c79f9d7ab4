import { describe, expect, it } from 'vitest';
import { PgvtuneError } from '../../../src/errors.js';
import { VoidPoint } from '../../../src/measure/index.js';
import { createBarrier } from '../../../src/measure/load/barrier.js';
import { type ClientTask, runClient, type Window } from '../../../src/measure/load/client.js';
import { type FakeServer, fakeSession } from '../../support/fake-session.js';

/** Every reading of the clock is one millisecond after the last. */
const tickingClock = () => {
  let now = 0;
  return { name: 'test', now: () => now++ };
};

const CLOSED: Window = { kind: 'closed', endMs: 20 };

function run(server: FakeServer, task: Partial<ClientTask> = {}, onBegin: () => void = () => undefined) {
  const session = fakeSession(server);
  const outcome = runClient(
    session,
    {
      statement: { name: 's', text: 'SELECT' },
      parameters: [[0], [1], [2]],
      literals: ['0'],
      settings: { 'hnsw.ef_search': '80' },
      wanted: { index: 'a', parts: [{ table: 'items', index: 'a' }] },
      nullQuery: null,
      warmUpMs: 0,
      window: CLOSED,
      firstQuery: 1,
      barrier: createBarrier(),
      ...task,
    },
    {
      processes: false,
      prepareBlocking: null,
      begin: async () => {
        onBegin();
        return tickingClock();
      },
    },
  );
  return { session, outcome };
}

describe('runClient', () => {
  it('looks at settings and plan before the window and after it', async () => {
    const { session, outcome } = run({ indexes: new Set(['a']) });
    expect(await outcome).toMatchObject({
      settings: { 'hnsw.ef_search': '80' },
      scan: { index: 'a' },
      checks: 2,
      clock: 'test',
      errors: {},
      backendCpuMs: null,
    });
    const looks = session.log.flatMap((entry, i) => (entry.startsWith('EXPLAIN') ? [i] : []));
    expect(looks).toHaveLength(2);
    expect(session.log.slice(looks[0]! + 1, looks[1]).filter((entry) => entry === 'execute')).toHaveLength(10);
    expect(session.log.at(-1)).toMatch(/^EXPLAIN/);
  });

  it('goes through the queries, beginning with its own', async () => {
    const asked: unknown[] = [];
    const server: FakeServer = { indexes: new Set(['a']), rows: ([query]) => (asked.push(query), [1]) };
    await run(server).outcome;
    expect(asked).toEqual([1, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1]);
  });

  it('takes an open loop’s requests from the common queue', async () => {
    const barrier = createBarrier();
    const window: Window = { kind: 'open', endMs: 100, dropMs: 110, arrivalsMs: Float64Array.from([-3, -2, -1]) };
    const first = await run({ indexes: new Set(['a']) }, { barrier, window }).outcome;
    expect([...first.dueMs]).toEqual([-3, -2, -1]);
    const second = await run({ indexes: new Set(['a']) }, { barrier, window }).outcome;
    expect(second.dueMs).toHaveLength(0);
  });

  const wanted = { kind: 'one-of', indexes: ['a'], orTable: false };
  it.each<[string, FakeServer, object]>([
    [
      'a setting that does not take',
      { indexes: new Set(['a']), stubborn: { 'hnsw.ef_search': '40' } },
      { code: 'setting-not-applied', data: { name: 'hnsw.ef_search', got: '40' } },
    ],
    [
      'another index',
      { indexes: new Set(['a']), plan: () => 'b' },
      { code: 'other-plan', data: { wanted, got: [{ type: 'Index Scan', indexes: ['b'] }] } },
    ],
    [
      'a sequential scan',
      { indexes: new Set(['a']), plan: () => null },
      { code: 'other-plan', data: { wanted, got: [{ type: 'Seq Scan', indexes: [] }] } },
    ],
  ])('refuses %s before anything is timed', async (_, server, reason) => {
    let begun = false;
    const { outcome } = run(server, {}, () => (begun = true));
    await expect(outcome).rejects.toThrow(VoidPoint);
    await expect(outcome).rejects.toMatchObject({ reason });
    expect(begun).toBe(false);
  });

  it('refuses an index that was gone when the window ended', async () => {
    let gone = false;
    const server: FakeServer = { indexes: new Set(['a']), plan: () => (gone ? null : 'a') };
    await expect(run(server, {}, () => (gone = true)).outcome).rejects.toThrow(VoidPoint);
  });

  it('counts what the server refuses', async () => {
    let timed = false;
    const onExecute = (): void => {
      if (timed) throw new PgvtuneError('server', 'division by zero', { sqlstate: '22012' });
    };
    const { outcome } = run({ indexes: new Set(['a']), onExecute }, {}, () => (timed = true));
    const { errors, endedMs } = await outcome;
    expect(endedMs).toHaveLength(0);
    // The clock is looked at once before the first request: it ticks with every look.
    expect(errors).toEqual({ '22012': 19 });
  });

  it('heats a fresh thread before the settings are looked at', async () => {
    const names: string[] = [];
    const server: FakeServer = { indexes: new Set(['a']), onExecute: ({ name }) => void names.push(name) };
    const nullQuery = { statement: { name: 'nothing', text: 'SELECT' }, values: [] };
    await run(server, { nullQuery }).outcome;
    expect(names.lastIndexOf('nothing')).toBeGreaterThan(500);
    expect(names.indexOf('s')).toBe(names.lastIndexOf('nothing') + 1);
  });
});
