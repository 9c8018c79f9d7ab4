import { describe, expect, it } from 'vitest';
import type { DatasetSource } from '../../src/datasets/index.js';
import { PgvtuneError } from '../../src/errors.js';
import type { Session } from '../../src/postgres/index.js';
import { findings, planInstead, type PointRecord } from '../../src/results/index.js';
import { benches, exactScan, hnsw, interrupting, ivfflat, lying, type RunningBench } from '../support/running-bench.js';
import { describeServers, hasLocal, sharedServer } from '../support/servers.js';
import { checkpointStatistics } from '../support/checkpoint-statistics.js';

/*
 * Whatever is wrong on purpose here must show: as a void or failed point, as a finding, as a build that failed, or as an
 * error that ends the run. None may pass for a figure like any other. More of this kind: traps in points.test.ts.
 */

const REFUTED = { code: 'truth-mismatch', data: { mismatches: expect.any(Number), sampled: 20 } };

/** The exact neighbours are refuted: points are void, and no time is spent on an index. */
async function provesNothing({ build, points }: RunningBench): Promise<void> {
  const [point] = await points(await build(exactScan), [{}]);
  expect(point).toMatchObject({ status: 'void', measured: null, reason: REFUTED });
  await expect(build(ivfflat(10))).rejects.toThrow(/^Ground truth mismatch: for \d+ of 20 sampled queries/);
}

const codes = (point: PointRecord | undefined): string[] => point!.findings.map(({ code }) => code);

await describeServers('a lie', (server) => {
  const running = benches(server, { rows: 1000, queries: 60 });

  it('settings that do not take', async () => {
    const { build, points } = await running({
      wrap: lying((session) => ({
        query: (text, values, options) =>
          values?.includes('hnsw.ef_search') ? Promise.resolve([]) : session.query(text, values, options),
      })),
    });
    const [point] = await points(await build(hnsw(4, 16)), [{ ef_search: 80 }]);
    expect(point).toMatchObject({ status: 'void', measured: null });
    expect(point?.reason).toEqual({
      code: 'setting-not-applied',
      data: { name: 'hnsw.ef_search', wanted: '80', got: '40' },
    });
  });

  it('index invalid', async () => {
    const { session, build, points } = await running();
    const built = await build(hnsw(4, 16));
    await session.query('UPDATE pg_index SET indisvalid = false WHERE indexrelid = $1::regclass', [built.index!.name]);
    const [point] = await points(built, [{ ef_search: 40 }]);
    // Not measured as it stood: it was built again, and the point says so.
    expect(point?.status).toBe('ok');
    expect(codes(point)).toContain('built-again');
  });

  it('index missing', async () => {
    const { session, build, points } = await running();
    const built = await build(hnsw(4, 16));
    await session.query(`DROP INDEX ${built.index!.name}`);
    const [point] = await points(built, [{ ef_search: 40 }]);
    expect(codes(point)).toContain('built-again');
  });

  it('wrong index serving: another graph under the name of the one that was built', async () => {
    const { session, build, points } = await running();
    const built = await build(hnsw(8, 32));
    const { name, definition } = built.index!;
    await session.query(`DROP INDEX ${name}`);
    await session.query(definition);
    const [point] = await points(built, [{ ef_search: 40 }]);
    expect(codes(point)).toContain('built-again');
  });

  it('IVFFlat on an empty table', async () => {
    const bench = await running();
    await bench.session.query('DELETE FROM items');
    await provesNothing(bench);
  });

  it('IVFFlat on an empty table that was filled afterwards, unseen', async () => {
    const { session, build, points } = await running({
      wrap: lying((original) => ({
        async execute(statement, values, options) {
          const rows = await original.execute(statement, values, options);
          // As from a server whose statistics do not tell of rows that came and went.
          return statement.name === 'pgvtune_conditions' ? rows.map((row) => row.with(3, 0)) : rows;
        },
      })),
    });
    await build(hnsw(4, 16));
    await session.query('CREATE TEMP TABLE kept AS TABLE items');
    await session.query('DELETE FROM items');
    const built = await build(ivfflat(10));
    await session.query('INSERT INTO items TABLE kept');
    const [point] = await points(built, [{ probes: 2 }]);
    expect(codes(point)).toContain('ivfflat-little-data');
  });

  it('IVFFlat of more lists than rows', async () => {
    const { build, points } = await running();
    const [point] = await points(await build(ivfflat(1200)), [{ probes: 40 }]);
    expect(codes(point)).toContain('ivfflat-little-data');
  });

  it('IVFFlat on a table that was emptied and filled again', async () => {
    const { session, build, points } = await running();
    await build(hnsw(4, 16));
    await session.query('CREATE TEMP TABLE kept AS TABLE items');
    await session.query('DELETE FROM items');
    const built = await build(ivfflat(10));
    expect(built.findings).toContainEqual(findings.ivfflatLittleData.of({}));
    await session.query('INSERT INTO items TABLE kept');
    await session.query('SELECT pg_stat_force_next_flush()');
    const [point] = await points(built, [{ probes: 2 }]);
    expect(point).toMatchObject({ status: 'void', measured: null });
  });

  it('options that differ from the graph: changed after the build', async () => {
    const { session, build, points } = await running();
    const built = await build(hnsw(4, 16));
    await session.query(`ALTER INDEX ${built.index!.name} SET (m = 32)`);
    const [point] = await points(built, [{ ef_search: 40 }]);
    expect(codes(point)).toContain('built-again');
  });

  it('options that differ from the graph: never those of the build', async () => {
    const { build } = await running({
      wrap: lying((session) => ({
        async query<Row>(text: string, ...rest: [never, never]): Promise<Row[]> {
          if (!text.startsWith('CREATE INDEX')) return session.query<Row>(text, ...rest);
          const name = /"(hnsw_\w+)"/.exec(text)![1];
          await session.query(text.replace(/\bm *= *'?16'?/, 'm = 5'), ...rest);
          return session.query<Row>(`ALTER INDEX ${name} SET (m = 16)`);
        },
      })),
    });
    expect(await build(hnsw(16, 64))).toMatchObject({
      status: 'failed',
      reason: { code: 'parameter-not-built', data: { name: 'm', catalog: 16, built: 5 } },
    });
  });

  it('queries that are rows of the table', async () => {
    const ownRows = (source: DatasetSource): DatasetSource => ({
      ...source,
      async *queries() {
        for await (const { vectors } of source.base()) {
          yield { rows: 60, vectors: vectors.slice(0, 60 * 16), ids: null, attributes: null, texts: null };
          return;
        }
      },
    });
    const { build, points } = await running({ tamper: ownRows });
    const [point] = await points(await build(exactScan), [{}]);
    expect(codes(point)).toContain('queries-in-base');
  });

  it('duplicates: ties at the last place', async () => {
    // Three of four rows repeat another: the k-th neighbour has company.
    const { build, points } = await running({ generate: { duplicates: 0.75 } });
    const [point] = await points(await build(exactScan), [{}]);
    expect(codes(point)).toEqual(expect.arrayContaining(['duplicates', 'ties']));
    expect(point?.measured?.recall.mean.value).toBe(1);
  });

  it('a truth for the wrong metric', async () => {
    await provesNothing(await running({ truthMetric: 'ip', generate: { normalised: false } }));
  });

  it('shuffled truth', async () => {
    await provesNothing(
      await running({
        believe: (truth) => ({ ...truth, rows: truth.rows.toReversed(), distances: truth.distances.toReversed() }),
      }),
    );
  });

  it('shuffled truth whose distances are right', async () => {
    await provesNothing(await running({ believe: (truth) => ({ ...truth, rows: truth.rows.toReversed() }) }));
  });

  it('shuffled truth of one filter: its points are void, those of others are not', async () => {
    const { filters, build, points } = await running({
      generate: { attributes: { tenant: { kind: 'tenant', values: 3 } } },
      filters: ['=', '<>'].map((op) => ({
        filter: { column: 'tenant', op: op as '=' | '<>', value: { draw: 'own' } },
        join: null,
      })),
    });
    filters[0]!.truth.rows.reverse();
    const built = await build(exactScan);
    const found: unknown[] = [];
    for (const { filter, join } of filters) {
      const workload = { kind: 'filtered', k: 10, filter, join, strategy: 'exact-scan' } as const;
      const [point] = await points(built, [{}], { workload });
      found.push(point);
    }
    expect(found).toMatchObject([{ status: 'void', reason: REFUTED }, { status: 'ok' }]);
  });

  describe('shuffled truth of the legs of a hybrid search', () => {
    const legs = { rows: 300, queries: 20, generate: { text: { words: 6 } } } as const;
    const text = { method: 'tsvector', language: 'english' } as const;
    const tenant = { column: 'tenant', op: '=', value: { draw: 'own' } } as const;
    const ofTenant = { generate: { ...legs.generate, attributes: { tenant: { kind: 'tenant' as const, values: 3 } } } };

    it.each([
      { of: 'all rows', options: {}, filter: {} },
      { of: 'the rows of a filter', options: ofTenant, filter: { filter: tenant } },
    ])('among $of: its points are void', async ({ options, filter }) => {
      const hybrid = { text, judged: () => new Map(), ...filter };
      const { hybrids, build, points, reply } = await running({ ...legs, ...options, hybrid });
      const { k, rows, expected } = hybrids[0]!.near;
      for (const [query, found] of expected.entries()) rows.subarray(query * k, query * k + found).reverse();
      const built = await build(exactScan);
      await reply({ kind: 'build', requests: [{ spec: exactScan, repeat: 0, text }] });
      const workload = { kind: 'hybrid', k: 10, text, strategy: 'vector-only', ...filter } as const;
      const { size } = hybrids[0]!.question.queries;
      const [hybridPoint] = await points(built, [{}], { workload, queries: size });
      const [plain] = await points(built, [{}]);
      expect([hybridPoint, plain]).toMatchObject([{ status: 'void', reason: REFUTED }, { status: 'ok' }]);
    });
  });

  it('that is none: rows without a distance, which the server has last, as the truth has', async () => {
    const withoutDirection = (source: DatasetSource): DatasetSource => ({
      ...source,
      metric: null,
      async *base() {
        let first = true;
        for await (const batch of source.base()) {
          if (first) batch.vectors.fill(0, 0, 5 * 16);
          first = false;
          yield batch;
        }
      },
    });
    const { build, points } = await running({ rows: 20, queries: 20, k: 20, tamper: withoutDirection });
    const [point] = await points(await build(exactScan), [{}]);
    expect(point).toMatchObject({ status: 'ok', measured: { recall: { mean: { value: 1 } } } });
  });

  it('5 % of the rows zeroed after the truth was computed', async () => {
    const bench = await running();
    await bench.session.query('UPDATE items SET embedding = array_fill(0, ARRAY[16])::vector WHERE id % 20 = 0');
    await provesNothing(bench);
  });

  it('5 % of the rows changed after the truth was proved', async () => {
    const { session, build, points } = await running();
    const built = await build(hnsw(4, 16));
    await session.query('UPDATE items SET embedding = array_fill(1, ARRAY[16])::vector WHERE id % 20 = 0');
    await session.query('SELECT pg_stat_force_next_flush()');
    const [point] = await points(built, [{ ef_search: 40 }]);
    expect(point).toMatchObject({ status: 'void', measured: null });
    expect(point?.reason).toEqual({ code: 'rows-changed', data: { rows: 50 } });
  });

  it('a statement that fails for 1 % of the queries', async () => {
    let executions = 0;
    const { build, points } = await running({
      wrap: lying((session) => ({
        execute(statement, values, options) {
          if (statement.text.includes('ORDER BY') && ++executions % 100 === 0) {
            return Promise.reject(new PgvtuneError('server', 'division by zero', { sqlstate: '22012' }));
          }
          return session.execute(statement, values, options);
        },
      })),
    });
    const [point] = await points(await build(hnsw(4, 16)), [{ ef_search: 40 }], { purpose: 'confirm' });
    const reason = { code: 'refused', data: { message: 'division by zero', sqlstate: '22012', hint: null } };
    expect(point).toMatchObject({ status: 'failed', reason, measured: null });
  });
});

describe.runIf(await hasLocal())('a lie while a point is measured', () => {
  const server = sharedServer('local');
  const running = benches(server, { rows: 1000, queries: 60 });

  /** Measures a point of 60 queries, during which `act` happens once, through a session of somebody else. */
  async function during(act: (other: Session, bench: RunningBench) => Promise<unknown>) {
    const other = await server().connect('other');
    let bench: RunningBench | undefined;
    // The exact neighbours are proved by 21 queries, and 60 are timed in two blocks.
    bench = await running({ wrap: interrupting(50, async () => bench && act(other, bench)) });
    const built = await bench.build(hnsw(16, 64));
    const [point] = await bench.points(built, [{ ef_search: 40 }]);
    await other.close();
    return { point, built };
  }
  const items = 'pgvtune_bench_1000.items';

  it('wrong index serving: a cheaper one appears', async () => {
    const { point } = await during((other) =>
      other.query(`CREATE INDEX rival ON ${items} USING ivfflat (embedding vector_cosine_ops) WITH (lists = 30)`),
    );
    expect(point).toMatchObject({ status: 'void', measured: null });
    expect(planInstead(point!.reason)).toMatchObject([{ table: 'items', indexes: ['rival'] }]);
  });

  it('rows are deleted', async () => {
    const { point } = await during(async (other) => {
      await other.query(`DELETE FROM ${items} WHERE id > 990`);
      await other.query('SELECT pg_stat_force_next_flush()');
    });
    expect(point).toMatchObject({ status: 'void', measured: null });
    expect(point?.reason).toEqual({ code: 'rows-changed', data: { rows: 9 } });
  });

  it('autovacuum, or a VACUUM by hand, is noted', async () => {
    const { point } = await during(async (other) => {
      await other.query(`VACUUM ${items}`);
      await other.query('SELECT pg_stat_force_next_flush()');
    });
    expect(codes(point)).toContain('vacuum');
  });

  it('a checkpoint is noted', async () => {
    const { point } = await during(async (other) => {
      const { count } = await checkpointStatistics(other);
      const counted = () => other.query(count);
      const before = JSON.stringify(await counted());
      await other.query('CHECKPOINT');
      // The checkpointer hands in its count a moment after it has let the caller go.
      while (JSON.stringify(await counted()) === before);
    });
    expect(codes(point)).toContain('checkpoint');
  });

  it('the server crashes: the point is measured again, and says so', async () => {
    const { point } = await during(async (other) => {
      // Gone without a word, and with it, in PostgreSQL's way, every other backend.
      process.kill(other.backendPid, 'SIGKILL');
    });
    expect(point).toMatchObject({ status: 'ok', conditions: { attempt: 2, server: { interrupted: false } } });
    expect(codes(point)).toContain('measured-again');
  });
});
