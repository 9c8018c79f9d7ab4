import { describe, expect, it } from 'vitest';
import { PgvtuneError } from '../../src/errors.js';
import {
  type Arm,
  type ArmSamples,
  measureBlocks,
  type Schedule,
  scanOf,
  type TableUnderTest,
} from '../../src/measure/index.js';
import { createRandom } from '../../src/random.js';
import type { OtherPlan, TableScan } from '../../src/results/index.js';
import { type FakeServer, fakeSession } from '../support/fake-session.js';

const schedule: Schedule = { queries: 7, timedQueries: 7, passes: 2, blockQueries: 3, explained: [0, 1] };

const arm = (key: string, index: string | null, settings: Record<string, string> = {}): Arm => ({
  key,
  statement: { name: `s_${key}`, text: 'SELECT' },
  parameters: (query) => [query],
  literals: (query) => [String(query)],
  settings,
  indexes: index === null ? [] : [index],
  checkPlan: (plan) => scanOf(plan, { index, parts: [{ table: 'items', index }] }),
});

const table = (...indexes: string[]): TableUnderTest => ({
  schema: 'scratch',
  name: 'items',
  stored: ['items'],
  indexes,
  quote: (name) => `"scratch"."${name}"`,
});

const otherPlan = (index: string, got: TableScan): OtherPlan => ({
  code: 'other-plan',
  data: { wanted: { kind: 'one-of', indexes: [index], orTable: false }, got: [got] },
});

/** Every reading of the clock is one millisecond after the last. */
const tickingClock = () => {
  let now = 0;
  return { name: 'test', now: () => now++ };
};

function measure(server: FakeServer, arms: readonly Arm[], indexes = [...server.indexes]) {
  const session = fakeSession(server);
  let queries = 0;
  const outcome = measureBlocks(session, table(...indexes), arms, schedule, {
    clock: tickingClock(),
    random: createRandom(1),
    onQueries: (count) => (queries += count),
  });
  return outcome.then((results) => ({ results, session, queries }));
}

describe('measureBlocks', () => {
  it('times every query of every arm in every pass, and keeps the rows of the first', async () => {
    const server: FakeServer = { indexes: new Set(['a', 'b']), rows: ([query]) => [Number(query), 100] };
    const { results, queries } = await measure(server, [arm('a', 'a'), arm('b', 'b')]);
    for (const result of results as ArmSamples[]) {
      expect(result.status).toBe('ok');
      expect([...result.latenciesMs]).toEqual(Array(14).fill(1));
      expect(result.returned).toEqual([0, 1, 2, 3, 4, 5, 6].map((query) => [query, 100]));
      expect(result.buffersHit).toEqual([10, 10]);
      // Once to warm up and once for the buffers, then three blocks in each of two passes.
      expect(result.checks).toBe(8);
    }
    expect(queries).toBe(2 * (2 + 14));
  });

  it('hides the other indexes in a transaction that is always rolled back', async () => {
    const server: FakeServer = { indexes: new Set(['a', 'b']) };
    const { results, session } = await measure(server, [arm('b', 'b')]);
    expect(results[0]).toMatchObject({ status: 'ok', scan: { index: 'b' } });
    expect(session.log.filter((entry) => entry === 'BEGIN')).toHaveLength(8);
    expect(session.log.filter((entry) => entry === 'ROLLBACK')).toHaveLength(8);
    expect(session.log.filter((entry) => entry === 'DROP INDEX')).toHaveLength(8);
  });

  it('looks at the plan before the block is timed, after one untimed execution', async () => {
    const { session } = await measure({ indexes: new Set(['a']) }, [arm('a', 'a')]);
    const block = session.log.slice(session.log.lastIndexOf('BEGIN'));
    expect(block).toEqual(['BEGIN', 'DISCARD PLANS', 'execute', 'EXPLAIN (FORMAT', 'execute', 'ROLLBACK']);
  });

  it('explains after a warm-up, in blocks that alternate, and before anything is timed', async () => {
    const server: FakeServer = { indexes: new Set(['a', 'b']) };
    const session = fakeSession(server);
    const explained = {
      ...schedule,
      queries: 60,
      timedQueries: 60,
      explained: Array.from({ length: 60 }, (_, query) => query),
      passes: 1,
      blockQueries: 60,
    };
    const looks: string[] = [];
    const query = session.query.bind(session);
    session.query = async (text, values) => {
      if (text.includes('ANALYZE')) looks.push(text.includes('"s_a"') ? 'a' : 'b');
      return query(text, values);
    };
    let steps = 0;
    await measureBlocks(session, table('a', 'b'), [arm('a', 'a'), arm('b', 'b')], explained, {
      clock: tickingClock(),
      random: createRandom(1),
      onQueries: () => undefined,
      isSteady: () => ++steps > 2,
    });
    const first = session.log.findIndex((entry) => entry.startsWith('EXPLAIN (ANALYZE'));
    const executed = session.log.slice(0, first).filter((entry) => entry === 'execute');
    // Ten blocks of ten queries of each arm, at least, each after one that is not timed.
    expect(executed.length).toBeGreaterThanOrEqual(2 * 10 * 10);
    expect(looks).toHaveLength(120);
    const turns = looks.filter((one, i) => one !== looks[i - 1]);
    expect(turns.length).toBeGreaterThan(2);
  });

  it('lets arms alternate, in an order drawn anew for every block', async () => {
    const order: string[] = [];
    const server: FakeServer = {
      indexes: new Set(['a']),
      onExecute: ({ name }) => void (order.at(-1) === name || order.push(name)),
    };
    await measure(server, [arm('x', 'a'), arm('y', 'a')]);
    expect(order.length).toBeGreaterThan(6);
    expect(new Set(order)).toEqual(new Set(['s_x', 's_y']));
  });

  it('an index dropped in mid-run makes the point void', async () => {
    const server: FakeServer = { indexes: new Set(['a']) };
    let executions = 0;
    const dropping: FakeServer = {
      ...server,
      onExecute: () => void (++executions === 8 && server.indexes.delete('a')),
    };
    const { results } = await measure(dropping, [arm('a', 'a')]);
    expect(results[0]).toEqual({
      status: 'void',
      reason: otherPlan('a', { table: 'items', type: 'Seq Scan', indexes: [] }),
    });
  });

  it('a planner that prefers the table makes the point void, and the other arms go on', async () => {
    const server: FakeServer = { indexes: new Set(['a', 'b']), plan: (seen) => (seen.has('a') ? null : 'b') };
    const { results } = await measure(server, [arm('a', 'a'), arm('b', 'b')]);
    expect(results.map(({ status }) => status)).toEqual(['void', 'ok']);
  });

  it('another index than the one under test makes the point void', async () => {
    const { results } = await measure(
      { indexes: new Set(['a', 'hidden']), plan: () => 'hidden' },
      [arm('a', 'a')],
      ['a'],
    );
    expect(results[0]).toMatchObject({
      status: 'void',
      reason: otherPlan('a', { table: 'items', type: 'Index Scan', indexes: ['hidden'] }),
    });
  });

  it('an exact scan that goes through an index makes the point void', async () => {
    const { results } = await measure({ indexes: new Set(['a']), plan: () => 'a' }, [arm('exact', null)], []);
    expect(results[0]).toMatchObject({
      status: 'void',
      reason: { code: 'other-plan', data: { wanted: { kind: 'table-scan' }, got: [{ indexes: ['a'] }] } },
    });
  });

  it('a setting that does not take makes the point void', async () => {
    const server: FakeServer = { indexes: new Set(['a']), stubborn: { 'hnsw.ef_search': '40' } };
    const { results } = await measure(server, [arm('a', 'a', { 'hnsw.ef_search': '80' })]);
    expect(results[0]).toEqual({
      status: 'void',
      reason: { code: 'setting-not-applied', data: { name: 'hnsw.ef_search', wanted: '80', got: '40' } },
    });
  });

  it('a query that the server refuses makes the point failed, not the run', async () => {
    const refuse = (): never => {
      throw new PgvtuneError('server', 'ef_search is out of range', { sqlstate: '22023' });
    };
    const { results } = await measure({ indexes: new Set(['a']), onExecute: refuse }, [arm('a', 'a')]);
    expect(results[0]).toEqual({
      status: 'failed',
      reason: { code: 'refused', data: { message: 'ef_search is out of range', sqlstate: '22023', hint: null } },
    });
  });

  it('a broken connection ends the run', async () => {
    const breaking = (): never => {
      throw new PgvtuneError('server', 'Connection terminated');
    };
    await expect(measure({ indexes: new Set(['a']), onExecute: breaking }, [arm('a', 'a')])).rejects.toThrow(
      'Connection terminated',
    );
  });
});
