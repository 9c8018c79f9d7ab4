import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nearestRank } from '../../../src/analysis/index.js';
import {
  type Arm,
  type Clients,
  type LoadSamples,
  measureLoad,
  scanOf,
  type WantedScan,
} from '../../../src/measure/index.js';
import type { Window } from '../../../src/measure/load/client.js';
import { openWorkspace, type Session, type Workspace } from '../../../src/postgres/index.js';
import { createRandom } from '../../../src/random.js';
import { arrivalTimes } from '../../../src/workloads/index.js';
import { hasLocal, sharedServer } from '../../support/servers.js';

/** Rows of the table; every query reads one of them through the primary key. */
const ROWS = 50;

describe.runIf(await hasLocal())('measureLoad', () => {
  const server = sharedServer('local');
  let workspace: Workspace;
  let session: Session;
  beforeAll(async () => {
    workspace = await openWorkspace(server(), 'load');
    session = await workspace.connect('measure');
    await session.query('CREATE TABLE items (id bigint PRIMARY KEY)');
    await session.query(`INSERT INTO items SELECT generate_series(0, ${ROWS - 1})`);
    await session.query('VACUUM ANALYZE items');
  });
  afterAll(() => workspace.drop());

  const WANTED: WantedScan = { index: 'items_pkey', parts: [{ table: 'items', index: 'items_pkey' }] };

  const arm = (options: Partial<Arm> & { readonly column?: string } = {}): Arm => ({
    key: 'arm',
    statement: { name: 'one', text: `SELECT id ${options.column ?? ''} FROM items WHERE id = $1::bigint` },
    parameters: (query) => [String(query)],
    literals: (query) => [String(query)],
    settings: { 'hnsw.ef_search': '80', enable_seqscan: 'off', enable_bitmapscan: 'off' },
    indexes: ['items_pkey'],
    checkPlan: (plan) => scanOf(plan, WANTED),
    ...options,
  });

  const threads = (count: number): Clients => ({ ticket: workspace.ticket('load'), count, processes: true });

  const load = (options: {
    readonly arm?: Arm;
    readonly wanted?: WantedScan;
    readonly clients?: Clients;
    readonly window: Window;
    readonly signal?: AbortSignal;
  }) =>
    measureLoad({
      arm: arm(),
      queries: ROWS,
      wanted: WANTED,
      clients: threads(1),
      nullQuery: null,
      warmUpMs: 20,
      signal: new AbortController().signal,
      ...options,
    });

  const samplesOf = async (options: Parameters<typeof load>[0]): Promise<LoadSamples> => {
    const outcome = await load(options);
    if (outcome.status !== 'ok') throw new Error(outcome.reason.code);
    return outcome;
  };

  const CLOSED: Window = { kind: 'closed', endMs: 300 };
  const open = (ratePerSecond: number, ms: number): Window => {
    const random = createRandom(ratePerSecond);
    const arrivalsMs = arrivalTimes({ arrivals: 'constant', ratePerSecond, seconds: ms / 1000, random });
    return { kind: 'open', endMs: ms, dropMs: 1.5 * ms, arrivalsMs };
  };

  it('keeps several connections busy at once, each of which proves settings and plan before and after', async () => {
    const samples = await samplesOf({ clients: threads(3), window: CLOSED });
    expect(samples).toMatchObject({
      checks: 6,
      scan: { index: 'items_pkey' },
      settings: { 'hnsw.ef_search': '80' },
      errors: {},
    });
    const { startedMs, endedMs } = samples;
    expect(startedMs.every((start, i) => start >= (startedMs[i - 1] ?? 0) && start < 300)).toBe(true);
    expect(endedMs.every((end, i) => end > startedMs[i]!)).toBe(true);
    // Somebody was answered while somebody else waited.
    expect(startedMs.some((start, i) => start < endedMs[i - 1]!)).toBe(true);
    expect(samples.eventLoopUtilisation).toHaveLength(3);
    for (const share of samples.eventLoopUtilisation) expect(share).toBeGreaterThan(0);
    expect(samples.clientCpuMs).toBeGreaterThan(0);
    expect(samples.serverCpuMs).toBeGreaterThanOrEqual(0);
  });

  it('takes a session at hand, and gives it back as it was', async () => {
    const samples = await samplesOf({ clients: { session }, window: CLOSED });
    expect(samples.endedMs.length).toBeGreaterThan(1);
    expect(samples.serverCpuMs).toBeNull();
    expect(await session.query(`SELECT current_setting('hnsw.ef_search') AS ef`)).toEqual([{ ef: '40' }]);
  });

  it('sends every request of a schedule once, none before it is due', async () => {
    const window = open(200, 500);
    const samples = await samplesOf({ clients: threads(2), window });
    expect(samples.dueMs.toSorted()).toEqual(Float64Array.from({ length: 100 }, (_, i) => i * 5));
    expect(samples.startedMs.every((start, i) => start >= samples.dueMs[i]!)).toBe(true);
  });

  it('counts what the server refuses, by SQLSTATE', async () => {
    const plusOne = (query: number): string[] => [String(query + 1)];
    const failing = arm({ column: ', 1 / ($1::bigint % 10)' });
    const samples = await samplesOf({ arm: { ...failing, parameters: plusOne, literals: plusOne }, window: CLOSED });
    expect(Object.keys(samples.errors)).toEqual(['22012']);
    expect(samples.endedMs.length).toBeGreaterThan(samples.errors['22012']!);
  });

  it.each<[string, Partial<Arm>, object]>([
    [
      'another index serves the query',
      { indexes: ['other'] },
      {
        code: 'other-plan',
        data: { wanted: { kind: 'one-of', indexes: ['other'] }, got: [{ table: 'items', indexes: ['items_pkey'] }] },
      },
    ],
    [
      'a scan of the table serves it',
      { settings: { enable_indexscan: 'off', enable_indexonlyscan: 'off' } },
      { code: 'other-plan', data: { got: [{ table: 'items', type: 'Seq Scan', indexes: [] }] } },
    ],
    [
      'a setting reads back as another value',
      { settings: { work_mem: '4096kB' } },
      { code: 'setting-not-applied', data: { name: 'work_mem', wanted: '4096kB', got: '4MB' } },
    ],
  ])('is void when %s', async (_, lie, reason) => {
    const [index = null] = lie.indexes ?? [WANTED.index];
    const wanted = { index, parts: [{ table: 'items', index }] };
    const outcome = await load({ arm: arm(lie), wanted, clients: threads(2), window: CLOSED });
    expect(outcome).toMatchObject({ status: 'void', reason });
  });

  it('is failed when the server refuses the statement', async () => {
    const outcome = await load({ arm: arm({ statement: { name: 'bad', text: 'SELECT nothing' } }), window: CLOSED });
    expect(outcome).toMatchObject({
      status: 'failed',
      reason: {
        code: 'refused',
        data: { message: expect.stringContaining('"nothing" does not exist'), sqlstate: '42703' },
      },
    });
  });

  it('leaves no connection behind, and ends at once when it is interrupted', async () => {
    const controller = new AbortController();
    const signal = controller.signal;
    const interrupted = load({ clients: threads(2), window: { kind: 'closed', endMs: 60_000 }, signal });
    const connections = async (): Promise<number> => {
      const rows = await session.query(
        `SELECT 1 FROM pg_stat_activity WHERE application_name = 'pgvtune/test/load' AND state IS NOT NULL`,
      );
      return rows.length;
    };
    while ((await connections()) < 2);
    controller.abort();
    await expect(interrupted).rejects.toMatchObject({ code: 'interrupted' });
    while ((await connections()) > 0);
  });

  it('ends when it is interrupted while the server is frozen, although its threads wait for it', async () => {
    const controller = new AbortController();
    const interrupted = load({ window: { kind: 'closed', endMs: 60_000 }, signal: controller.signal });
    let pid: number | undefined;
    while (pid === undefined) {
      const [row] = await session.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE application_name = 'pgvtune/test/load' AND query LIKE 'SELECT id%'`,
      );
      pid = row?.pid;
    }
    process.kill(pid, 'SIGSTOP');
    try {
      controller.abort();
      await expect(interrupted).rejects.toMatchObject({ code: 'interrupted' });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });

  it('shows a stall in the latency of everybody who was due meanwhile', async () => {
    const STALL_MS = 200;
    // One of the queries takes its time; on a single connection all those after it have to wait.
    const column = `, CASE WHEN $2::int = 1 THEN pg_sleep(${STALL_MS / 1000})::text END`;
    const stalling = (at: number): Arm => {
      const values = (query: number): string[] => [String(query % ROWS), query === at ? '1' : '0'];
      const { statement, ...rest } = arm({ column });
      return { ...rest, statement: { ...statement, name: 'stalling' }, parameters: values, literals: values };
    };
    const rate = 250;
    const window = open(rate, 2000);
    const samples = await measureLoad({
      arm: stalling(250),
      queries: 500,
      wanted: WANTED,
      clients: threads(1),
      nullQuery: null,
      warmUpMs: 0,
      window,
      signal: new AbortController().signal,
    });
    if (samples.status !== 'ok') throw new Error(samples.reason.code);
    expect(samples.endedMs).toHaveLength(500);
    const quantile = (values: Float64Array, p: number): number => nearestRank(values.toSorted(), p);
    const fromDue = samples.endedMs.map((ended, i) => ended - samples.dueMs[i]!);
    const fromStart = samples.endedMs.map((ended, i) => ended - samples.startedMs[i]!);
    // A tenth of the requests were due during the stall: by theory the 95th percentile is half of it.
    expect(quantile(fromDue, 0.95)).toBeGreaterThanOrEqual(0.45 * STALL_MS);
    expect(quantile(fromDue, 0.99)).toBeGreaterThanOrEqual(0.85 * STALL_MS);
    expect(fromStart[250]).toBeGreaterThanOrEqual(STALL_MS);
    // What is lost when latency counts from the start.
    expect(quantile(fromStart, 0.95)).toBeLessThan(quantile(fromDue, 0.95));
  });
});
