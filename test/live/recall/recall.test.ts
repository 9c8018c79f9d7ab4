import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeFloat32, decodeUint16 } from '../../../src/analysis/index.js';
import type { DatasetSource } from '../../../src/datasets/index.js';
import { distance } from '../../../src/exact/index.js';
import { type LiveRecallOptions, measureLiveRecall } from '../../../src/live/index.js';
import { monotonicClock } from '../../../src/measure/index.js';
import { type Session, vectorText } from '../../../src/postgres/index.js';
import { silentReporter } from '../../../src/progress.js';
import { recallFindings } from '../../../src/results/index.js';
import type { Metric } from '../../../src/vocabulary.js';
import { clusteredVectors, insertVectors } from '../../support/live-tables.js';
import { interrupting, lying } from '../../support/running-bench.js';
import { describeServers, hasLocal, sharedServer } from '../../support/servers.js';
import { checkpointStatistics } from '../../support/checkpoint-statistics.js';

const DIMENSIONS = 16;
const K = 10;

/** Query vectors as a file would give them. */
function logOf(vectors: readonly Float32Array[]): DatasetSource {
  return {
    name: 'log',
    dimensions: vectors[0]!.length,
    metric: null,
    synthetic: true,
    textColumn: null,
    provenance: null,
    expectedRows: vectors.length,
    async *base() {
      const values = Float32Array.from(vectors.flatMap((vector) => [...vector]));
      yield { rows: vectors.length, vectors: values, ids: null, attributes: null, texts: null };
    },
    queries: () => null,
    declaredNeighbours: async () => null,
    close: () => undefined,
  };
}

await describeServers('recall of the index on a live table', (server) => {
  let session: Session;
  const vectors = clusteredVectors(1000, DIMENSIONS, 'rows');
  const queries = clusteredVectors(40, DIMENSIONS, 'queries');

  beforeAll(async () => {
    session = await server().connect('live');
    // As on fast disks: otherwise the planner would rather scan tables as small as these.
    await session.query('SET random_page_cost = 1');
    await session.query('CREATE SCHEMA "We.ird"');
    // Names that end a name, a string, a statement.
    await session.query(
      `CREATE TABLE "We.ird"."it""e'm;s" ("the id" int PRIMARY KEY, tenant int, "em$1 'b" vector(${DIMENSIONS}))`,
    );
    await session.query(`CREATE TABLE items (id int PRIMARY KEY, tenant int, embedding vector(${DIMENSIONS}))`);
    await insertVectors(session, `"We.ird"."it""e'm;s"`, vectors);
    await insertVectors(session, 'items', vectors);
    await session.query(
      `CREATE INDEX "h;n'sw" ON "We.ird"."it""e'm;s" USING hnsw ("em$1 'b" vector_l2_ops) WITH (m = 4, ef_construction = 8)`,
    );
    await session.query(`CREATE TABLE indexed (LIKE items INCLUDING ALL)`);
    await session.query('INSERT INTO indexed SELECT * FROM items');
    await session.query('CREATE INDEX indexed_ix ON indexed USING hnsw (embedding vector_l2_ops)');
    for (const table of [`"We.ird"."it""e'm;s"`, 'items', 'indexed']) await session.query(`VACUUM ANALYZE ${table}`);
  });
  afterAll(() => session.close());

  const measure = (change: Partial<LiveRecallOptions> = {}) =>
    measureLiveRecall({
      session,
      table: 'items',
      k: K,
      queries: 12,
      settings: {},
      deadlineMs: 10_000,
      seed: 1,
      clock: monotonicClock,
      reporter: silentReporter,
      ...change,
    });
  /** Runs `work` with an index on items, and takes the index away again. */
  async function withIndex<T>(definition: string, work: () => Promise<T>): Promise<T> {
    await session.query(`CREATE INDEX ix ON items ${definition}`);
    try {
      return await work();
    } finally {
      await session.query('DROP INDEX ix');
    }
  }
  const codesOf = ({ findings }: Awaited<ReturnType<typeof measure>>): string[] => findings.map(({ code }) => code);

  /** Rows by distance in float64, nearest first. */
  function bruteForce(metric: Metric, query: Float32Array, among: (id: number) => boolean = () => true): number[] {
    return vectors
      .map((vector, id) => ({ id, far: distance(metric, query, vector) }))
      .filter(({ id }) => among(id))
      .sort((a, b) => a.far - b.far)
      .map(({ id }) => id);
  }

  it('agrees with brute force on a log of queries, whatever the names are', async () => {
    const table = `"We.ird"."it""e'm;s"`;
    const report = await measure({ table, log: logOf(queries), queries: 40, settings: { 'hnsw.ef_search': '12' } });
    let hits = 0;
    let ratios = 0;
    await session.rolledBack(async () => {
      await session.query('SET LOCAL hnsw.ef_search = 12');
      for (const query of queries) {
        const rows = await session.query<{ id: number }>(
          `SELECT "the id" AS id FROM ${table} ORDER BY "em$1 'b" <-> $1::vector LIMIT ${K}`,
          [vectorText(query)],
        );
        const nearest = bruteForce('l2', query).slice(0, K);
        const far = (ids: readonly number[]): number =>
          ids.reduce((sum, id) => sum + distance('l2', query, vectors[id]!), 0);
        hits += rows.filter(({ id }) => nearest.includes(id)).length;
        ratios += far(rows.map(({ id }) => id)) / far(nearest);
      }
    });
    const { recall } = report.measured!;
    expect(recall.strictMean).toBeCloseTo(hits / (K * queries.length), 12);
    expect(recall.distanceRatio).toBeCloseTo(ratios / queries.length, 9);
    expect(recall.distanceRatio).toBeGreaterThan(1);
    // No two distances are equal here.
    expect(recall.mean.value).toBe(recall.strictMean);
    expect(recall.mean.value).toBeLessThan(0.95);
    expect(report).toMatchObject({
      verdict: 'measured',
      table: { name: `"We.ird"."it""e'm;s"`, column: `em$1 'b`, rows: 1000 },
      indexes: [
        { name: "h;n'sw", method: 'hnsw', opclass: 'vector_l2_ops', reloptions: { m: '4', ef_construction: '8' } },
      ],
      asked: { settings: { 'hnsw.ef_search': '12', 'hnsw.iterative_scan': 'off' }, queries: 'log', metric: 'l2' },
      plan: { indexes: ["h;n'sw"], others: [] },
      measured: { exactPlan: `Seq Scan on it"e'm;s`, completeness: { mean: 1 }, vanished: 0 },
    });
    expect(report.plan!.checks).toBeGreaterThanOrEqual(40);
    const { samples, latencyMs } = report.measured!;
    expect([...decodeUint16(samples.strictHits)].reduce((sum, count) => sum + count, 0)).toBe(hits);
    expect(decodeFloat32(samples.againMs)).toHaveLength(latencyMs.again.n);
    expect(latencyMs.first.histogram!.counts.reduce((sum, count) => sum + count, 0)).toBe(latencyMs.first.n);
    expect(report.measured!.serverMs.n).toBe(40);
    expect(report.measured!.serverMs.median!.value).toBeGreaterThan(0);
    expect(report.plan!.explain.join('\n')).not.toMatch(/\d\.\d+,/);
    // The worst are named by their place in the log, and are as bad as said.
    const [worst] = report.measured!.worst;
    expect(worst!.recall).toBe(recall.min);
  });

  it('says nothing to the server outside of transactions that are read-only', async () => {
    const [begun, outside]: [string[], string[]] = [[], []];
    let [inside, first] = [false, false];
    const hear = (text: string): void => {
      if (!inside) outside.push(text);
      if (first) begun.push(text);
      first = false;
    };
    const heard = lying((original) => ({
      query: (text, ...rest) => (hear(text), original.query(text, ...rest)),
      execute: (statement, ...rest) => (hear(statement.text), original.execute(statement, ...rest)),
      rolledBack: (work) =>
        original
          .rolledBack(() => {
            [inside, first] = [true, true];
            return work();
          })
          .finally(() => (inside = false)),
    }));
    const report = await measure({ session: heard(session), table: 'indexed' });
    expect(report.verdict).toBe('measured');
    expect(outside).toEqual([]);
    expect(begun.length).toBeGreaterThan(12);
    for (const text of begun) expect(text).toBe('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  });

  // A graph of random levels: once in some twenty runs it was another one than this expects.
  it(
    'takes rows of the table as queries, and leaves each out of its own answer on both sides',
    { retry: 2 },
    async () => {
      // A graph of two links a row loses some rows at this size, whatever its random levels are.
      const few = 200;
      await session.query('DROP TABLE IF EXISTS few; CREATE TABLE few (LIKE items INCLUDING ALL)');
      await insertVectors(session, 'few', vectors.slice(0, few));
      await session.query('CREATE INDEX ON few USING hnsw (embedding vector_l2_ops) WITH (m = 2, ef_construction = 4)');
      const settings = { 'hnsw.ef_search': '5', enable_seqscan: 'off' };
      // More than there are: every row is a query.
      const report = await measure({ table: 'few', k: 4, queries: 1000, settings });
      let hits = 0;
      await session.rolledBack(async () => {
        await session.query('SET LOCAL hnsw.ef_search = 5; SET LOCAL enable_seqscan = off');
        for (let own = 0; own < few; own++) {
          const rows = await session.query<{ id: number }>(
            `SELECT id FROM few ORDER BY embedding <-> $1::vector LIMIT 5`,
            [vectorText(vectors[own]!)],
          );
          const nearest = new Set(bruteForce('l2', vectors[own]!, (id) => id < few && id !== own).slice(0, 4));
          const others = rows.filter(({ id }) => id !== own).slice(0, 4);
          hits += others.filter(({ id }) => nearest.has(id)).length;
        }
      });
      const { recall } = report.measured!;
      expect(recall.queries).toBe(few);
      expect(recall.mean.value).toBeCloseTo(hits / (4 * few), 12);
      expect(recall.mean.value).toBeLessThan(0.9);
      expect(report.asked).toMatchObject({ queries: 'rows of the table', sql: expect.stringContaining('LIMIT 5') });
      expect(codesOf(report)).toEqual(expect.arrayContaining(['queries-are-rows', 'plan-forced']));
      // Queries are named by their primary key.
      for (const { query } of report.measured!.worst) expect(Number(query)).toBeLessThan(few);
      await session.query('DROP TABLE few');
    },
  );

  it('says when queries of a log are rows of the table: they find themselves', async () => {
    const own = await measure({ table: 'indexed', log: logOf([...queries.slice(0, 6), ...vectors.slice(0, 6)]) });
    expect(own.findings).toContainEqual(recallFindings.queriesInTable.of({ share: 0.5 }));
    const others = await measure({ table: 'indexed', log: logOf(queries.slice(0, 12)) });
    expect(codesOf(others)).not.toContain('queries-in-table');
  });

  it('counts every copy of a vector as right, and says how many rows have one', async () => {
    await session.query('CREATE TABLE copies (id int PRIMARY KEY, tenant int, embedding vector(16))');
    await insertVectors(
      session,
      'copies',
      vectors.slice(0, 500).flatMap((vector) => [vector, vector]),
    );
    await session.query('CREATE INDEX ON copies USING hnsw (embedding vector_l2_ops)');
    await session.query('ANALYZE copies');
    const report = await measure({ table: 'copies', k: 3 });
    // The nearest other row is its twin; the next two are a pair, of which the third place holds either.
    expect(report.measured!.duplicateShare).toBe(1);
    expect(report.measured!.recall.mean.value).toBe(1);
    expect(codesOf(report)).toContain('duplicate-vectors');
    await session.query('DROP TABLE copies');
  });

  it('is judged at full precision where the index holds half of it', async () => {
    await withIndex(`USING hnsw ((embedding::halfvec(${DIMENSIONS})) halfvec_l2_ops)`, async () => {
      const report = await measure({ log: logOf(queries), settings: { 'hnsw.ef_search': '60' } });
      expect(report.plan!.indexes).toEqual(['ix']);
      expect(report.asked.exactOf).toBe('column');
      expect(report.asked.exactSql).toContain('"embedding"');
      expect(report.measured!.recall.mean.value).toBeGreaterThan(0.95);
    });
  });

  it('is judged by what the index holds where that are bits', async () => {
    await withIndex(`USING hnsw ((binary_quantize(embedding)::bit(${DIMENSIONS})) bit_hamming_ops)`, async () => {
      const report = await measure({ log: logOf(queries) });
      expect(report.asked).toMatchObject({ exactOf: 'indexed expression', metric: 'hamming' });
      expect(report.measured!.recall.mean.value).toBeGreaterThan(0.9);
      // Many rows are equally far: by identity it would be much less.
      expect(report.measured!.recall.strictMean).toBeLessThan(report.measured!.recall.mean.value);
      expect(codesOf(report)).toContain('quantised');
    });
  });

  it.each([
    [`sparsevec(${DIMENSIONS})`, `embedding::sparsevec`, 'sparsevec_l2_ops', 'l2'],
    [`bit(${DIMENSIONS})`, `binary_quantize(embedding)::bit(${DIMENSIONS})`, 'bit_jaccard_ops', 'jaccard'],
  ])('is measured on the only vectors of a table, which are %s', async (type, value, opclass, metric) => {
    await session.query(`CREATE TABLE narrow (id int, v ${type})`);
    try {
      await session.query(`INSERT INTO narrow SELECT id, ${value} FROM items`);
      await session.query(`CREATE INDEX ON narrow USING hnsw (v ${opclass})`);
      await session.query('ANALYZE narrow');
      for (const log of [undefined, logOf(queries)]) {
        const report = await measure({ table: 'narrow', log });
        expect(report).toMatchObject({ verdict: 'measured', asked: { metric, exactOf: 'column' } });
        expect(report.measured!.recall.mean.value).toBeGreaterThan(0.9);
        expect(report.measured!.completeness.mean).toBe(1);
        expect(report.plan!.explain.join('\n')).toContain("'[…]'");
        expect(report.measured!.recall.distanceRatio).toBeGreaterThanOrEqual(1);
      }
    } finally {
      await session.query('DROP TABLE narrow');
    }
  });

  it('finds rows missing behind a condition, and more of them with an iterative scan', async () => {
    // At a tenth of so small a table the planner would rather sort it.
    const forced = { enable_seqscan: 'off', 'hnsw.ef_search': '20' };
    const filtered = (settings: Record<string, string>) =>
      measure({ table: 'indexed', where: 'tenant = 3', queries: 30, settings: { ...forced, ...settings } });
    const off = await filtered({});
    const relaxed = await filtered({ 'hnsw.iterative_scan': 'relaxed_order' });
    expect(off.measured!.completeness.mean).toBeLessThan(0.7);
    expect(codesOf(off)).toEqual(expect.arrayContaining(['iterative-scan-off', 'plan-forced', 'rows-missing']));
    expect(relaxed.measured!.completeness.mean).toBe(1);
    // Without it the 20 nearest rows are read, and those of other tenants thrown away.
    const read = off.measured!.rowsRemoved.value + off.measured!.completeness.mean * K;
    expect(read).toBeGreaterThan(15);
    expect(read).toBeLessThanOrEqual(21);
    expect(relaxed.measured!.rowsRemoved.value).toBeGreaterThan(2 * off.measured!.rowsRemoved.value);
    expect(relaxed.measured!.clock).toBe('performance.now');
    expect(relaxed.measured!.recall.mean.low).toBeGreaterThan(off.measured!.recall.mean.high!);
    expect(codesOf(relaxed)).not.toContain('iterative-scan-off');
  });

  it('says that ef_search caps the rows', async () => {
    const report = await measure({ table: 'indexed', settings: { 'hnsw.ef_search': '6' } });
    expect(report.findings[0]).toMatchObject({ code: 'limit-above-setting', severity: 'high' });
    expect(report.measured!.completeness.mean).toBeLessThanOrEqual(0.6);
    expect(report.measured!.mostReturned).toBe(6);
  });

  it('does not measure with settings that do not take', async () => {
    const lying: Session = {
      ...session,
      query: (text, values, options) =>
        text.startsWith('SELECT set_config($1, $2') && values?.includes('hnsw.ef_search')
          ? Promise.resolve([])
          : session.query(text, values, options),
    };
    await expect(
      measure({ session: lying, table: 'indexed', settings: { 'hnsw.ef_search': '80' } }),
    ).rejects.toMatchObject({ code: 'server', message: 'hnsw.ef_search was set to 80 and reads back as 40.' });
  });

  it('counts what cosine distance leaves out: rows without a vector, and zero vectors', async () => {
    await session.query('CREATE TABLE holes (id int PRIMARY KEY, tenant int, embedding vector(16))');
    const zero = new Float32Array(DIMENSIONS);
    await insertVectors(
      session,
      'holes',
      vectors.map((vector, i) => (i % 10 === 0 ? null : i % 10 < 3 ? zero : vector)),
    );
    await session.query('CREATE INDEX ON holes USING hnsw (embedding vector_cosine_ops)');
    await session.query('ANALYZE holes');
    const report = await measure({ table: 'holes', queries: 40 });
    expect(codesOf(report)).toEqual(expect.arrayContaining(['null-vectors', 'zero-vectors']));
    const { vectors: about, recall, completeness } = report.measured!;
    expect(about.rows!.nulls / about.rows!.seen).toBeCloseTo(0.1, 1);
    expect(about.zero).toBeGreaterThan(0);
    // Not one query was a zero vector, and no neighbour is: the index, which has none of them, misses nothing.
    expect(completeness.mean).toBe(1);
    expect(recall.mean.value).toBeGreaterThan(0.95);
    await session.query('DROP TABLE holes');
  });

  it('answers "no index" where there is none, or an invalid one', async () => {
    const none = await measure();
    expect(none).toMatchObject({ verdict: 'no index used', indexes: [], plan: null, measured: null });
    expect(codesOf(none)).toContain('no-index');

    await withIndex('USING hnsw (embedding vector_l2_ops)', async () => {
      await session.query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix'::regclass`);
      const invalid = await measure();
      expect(invalid).toMatchObject({
        verdict: 'no index used',
        indexes: [{ name: 'ix', valid: false }],
        measured: null,
      });
      expect(codesOf(invalid).slice(0, 2)).toEqual(['index-invalid', 'no-index']);
    });
  });

  it('answers "no index" with the plan where the planner takes another way', async () => {
    await withIndex('USING hnsw (embedding vector_l2_ops) WHERE tenant = 3', async () => {
      const report = await measure();
      expect(report).toMatchObject({ verdict: 'no index used', measured: null });
      expect(report.plan!.explain.join('\n')).toContain('Seq Scan on items');
      expect(report.findings[0]).toMatchObject({
        code: 'index-not-used',
        data: { partial: [{ index: 'ix', predicate: expect.stringContaining('tenant') }] },
      });
      // The condition makes the same index usable.
      const forced = await measure({ where: 'tenant = 3', settings: { enable_seqscan: 'off' } });
      expect(forced).toMatchObject({
        verdict: 'measured',
        indexes: [{ predicate: expect.stringContaining('tenant') }],
      });
    });
    await withIndex('USING ivfflat (embedding vector_l2_ops) WITH (lists = 20)', async () => {
      const report = await measure({ settings: { 'ivfflat.probes': '20', random_page_cost: '1000' } });
      expect(report.verdict).toBe('no index used');
      expect(report.plan!.explainForced!.join('\n')).toContain('Index Scan using ix');
    });
  });

  it('wants the index to be named where there are several kinds', async () => {
    await session.query('CREATE INDEX other ON items USING hnsw (embedding vector_cosine_ops)');
    await withIndex('USING hnsw (embedding vector_l2_ops)', async () => {
      await expect(measure()).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringMatching(/ix .*<->.*other .*<=>/),
      });
      await expect(measure({ index: 'nothing' })).rejects.toMatchObject({
        code: 'usage',
        hint: expect.stringContaining('ix, other'),
      });
      expect((await measure({ index: 'other', queries: 5 })).asked.metric).toBe('cosine');
    });
    await session.query('DROP INDEX other');
  });

  it('measures an access method that it does not know, told from others of its name by its extension', async () => {
    await session.query(`
      CREATE EXTENSION IF NOT EXISTS pg_trgm;
      CREATE ACCESS METHOD diskann TYPE INDEX HANDLER hnswhandler;
      CREATE OPERATOR CLASS vector_l2_ops FOR TYPE vector USING diskann AS
        OPERATOR 1 <-> (vector, vector) FOR ORDER BY float_ops,
        FUNCTION 1 vector_l2_squared_distance(vector, vector);
      ALTER EXTENSION pg_trgm ADD ACCESS METHOD diskann;`);
    try {
      await withIndex('USING diskann (embedding vector_l2_ops) WITH (m = 4)', async () => {
        const report = await measure({ settings: { 'hnsw.ef_search': '11' } });
        expect(report.indexes).toMatchObject([{ method: 'diskann', extension: 'pg_trgm', reloptions: { m: '4' } }]);
        expect(report.asked.settings).toEqual({ 'hnsw.ef_search': '11', work_mem: expect.any(String) });
        expect(report.measured!.recall.mean.value).toBeLessThan(1);
        const more = await measure({ settings: { 'hnsw.ef_search': '500' } });
        expect(more.measured!.recall.mean.value).toBeGreaterThan(report.measured!.recall.mean.value);
        expect(codesOf(more)).not.toContain('known-defect');
      });
    } finally {
      await session.query(`
        ALTER EXTENSION pg_trgm DROP ACCESS METHOD diskann;
        DROP ACCESS METHOD diskann CASCADE`);
    }
  });

  it('accepts a number written in another form than it is printed', async () => {
    const report = await measure({ table: 'indexed', settings: { 'hnsw.scan_mem_multiplier': '1.50' } });
    expect(report.asked.settings).toMatchObject({ 'hnsw.scan_mem_multiplier': '1.5' });
  });

  it('looks through partitions, and names those that no index serves', async () => {
    await session.query(`
      CREATE TABLE parted (id int, tenant int, embedding vector(${DIMENSIONS})) PARTITION BY LIST (tenant);
      CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN (0, 1, 2, 3, 4);
      CREATE TABLE parted_b PARTITION OF parted FOR VALUES IN (5, 6, 7, 8, 9)`);
    await insertVectors(session, 'parted', vectors);
    await session.query('CREATE INDEX parted_ix ON parted USING hnsw (embedding vector_l2_ops)');
    await session.query('ANALYZE parted');
    const whole = await measure({ table: 'parted' });
    expect(whole.plan).toMatchObject({ others: [] });
    expect(whole.plan!.indexes).toHaveLength(2);
    expect(whole.measured!.recall.mean.value).toBeGreaterThan(0.95);
    const [query] = whole.measured!.worst;
    if (query) expect(query.query).toMatch(/^\(\d+,\d+\)$/);
    // Each of the two indexes gives four rows: no more than four would be refuted by what came.
    const capped = await measure({ table: 'parted', settings: { 'hnsw.ef_search': '4' } });
    expect(capped.measured!.mostReturned).toBeGreaterThan(4);
    expect(codesOf(capped)).toContain('rows-missing');
    expect(codesOf(capped)).not.toContain('limit-above-setting');
    await session.query('DROP INDEX parted_ix');
    await session.query('CREATE INDEX ON parted_a USING hnsw (embedding vector_l2_ops)');
    const half = await measure({ table: 'parted' });
    expect(half.plan).toMatchObject({ indexes: ['parted_a_embedding_idx'], others: ['Seq Scan on parted_b'] });
    expect(codesOf(half)).toContain('partly-indexed');
    await session.query('DROP TABLE parted');
  });

  it('records how the plan cache treats the statement', async () => {
    const auto = await measure({ table: 'indexed' });
    expect(auto.plan!.cache).toMatchObject({ mode: 'auto' });
    const { genericPlans, customPlans, generic, custom } = auto.plan!.cache!;
    expect(genericPlans! + customPlans!).toBeGreaterThan(24);
    expect(generic).toBe(custom);
    const forced = await measure({ table: 'indexed', settings: { plan_cache_mode: 'force_generic_plan' }, queries: 5 });
    expect(codesOf(forced)).toContain('plan-cache-mode');
  });

  it('judges a recall to be shown', async () => {
    const verdict = async (target: number, ef: number) =>
      (await measure({ table: 'indexed', queries: 30, target, settings: { 'hnsw.ef_search': String(ef) } })).verdict;
    expect(await verdict(0.5, 40)).toBe('reached');
    // Thirty queries show no 0.999, however good they are.
    expect(await verdict(0.999, 40)).toBe('inconclusive');
    expect(await verdict(0.9, 4)).toBe('not reached');
  });

  it.each([
    [{ table: 'nothing' }, /There is no table nothing/, /public\.items/],
    [{ table: 'items"' }, /items"/, /./],
    [{ table: 'a.b.c.d' }, /Expected a table such as app\.items/, undefined],
    [{ table: 'pg_views' }, /pg_catalog\.pg_views is a view/, /Name the table/],
    [{ table: 'items', column: 'id' }, /Column id of public\.items is of type integer/, /embedding/],
    [{ table: 'items', column: 'vector' }, /has no column "vector"/, /embedding/],
    [{ where: 'tenant = 1; DROP TABLE items' }, /a semicolon/, /tenant_id = 5/],
    [{ where: 'tenant' }, /The server refuses the condition "tenant": argument of WHERE must be type boolean/, /./],
    [{ where: 'nobody = 1' }, /column "nobody" does not exist/, /names/],
    [{ settings: { 'hnsw.ef_serch': '40' } }, /no setting hnsw\.ef_serch/, /hnsw\.ef_search/],
    [{ settings: { transaction_read_only: 'off' } }, /cannot be set here/, /ef_search/],
    [{ settings: { Statement_Timeout: '0' } }, /cannot be set here/, /ef_search/],
  ] as const)('refuses %j with a hint', async (change, message, hint) => {
    const error: unknown = await measure(change).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'usage', message: expect.stringMatching(message) });
    if (hint) expect(error).toMatchObject({ hint: expect.stringMatching(hint) });
  });

  it('refuses a log of another width, and a table without vectors', async () => {
    await expect(measure({ table: 'indexed', log: logOf([new Float32Array(3)]) })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('Expected query vectors of 16 dimensions'),
    });
    await expect(measure({ table: 'indexed', where: 'id < 0' })).rejects.toMatchObject({ code: 'dataset' });
  });
});

describe.runIf(await hasLocal())('while the index of a live table is timed', () => {
  const server = sharedServer('local');
  let session: Session;
  let other: Session;
  beforeAll(async () => {
    session = await server().connect('live');
    other = await server().connect('other');
    await session.query(`
      CREATE TABLE busy (id int, tenant int, embedding vector(16)) PARTITION BY LIST (tenant);
      CREATE TABLE busy_a PARTITION OF busy FOR VALUES IN (0, 1, 2, 3, 4);
      CREATE TABLE busy_b PARTITION OF busy FOR VALUES IN (5, 6, 7, 8, 9)`);
    await insertVectors(session, 'busy', clusteredVectors(600, DIMENSIONS, 'rows'));
    await session.query('CREATE INDEX ON busy USING hnsw (embedding vector_l2_ops)');
    await session.query('ANALYZE busy');
  });
  afterAll(async () => {
    await session.close();
    await other.close();
  });

  /** Measures, and has somebody else do something once before the tenth time that the index is asked. */
  const during = (act: string) =>
    measureLiveRecall({
      session: interrupting(10, async () => {
        await other.query(act);
        await other.query('SELECT pg_stat_force_next_flush()');
      })(session),
      table: 'busy',
      k: K,
      queries: 12,
      settings: { enable_seqscan: 'off' },
      deadlineMs: 10_000,
      seed: 1,
      clock: monotonicClock,
      reporter: silentReporter,
    });

  it('a VACUUM of a partition is noted', async () => {
    const { conditions, findings, verdict } = await during('VACUUM busy_b');
    expect(verdict).toBe('measured');
    expect(conditions!.server).toMatchObject({ interrupted: false, vacuums: 1, autovacuumWorkers: 0 });
    expect(findings.map(({ code }) => code)).toContain('vacuum');
  });

  it('rows that change are counted, and spoil nothing: each answer is judged on its own snapshot', async () => {
    const { conditions, verdict, measured } = await during('UPDATE busy SET id = -id WHERE id < 30');
    expect(verdict).toBe('measured');
    expect(conditions!.server.changedRows).toBe(30);
    expect(measured!.recall.queries + measured!.vanished).toBe(12);
  });

  it('a server that lost its statistics makes everything void', async () => {
    const report = await during((await checkpointStatistics(other)).reset);
    expect(report).toMatchObject({ verdict: 'void', measured: null, plan: { others: [] } });
    expect(report.findings[0]).toMatchObject({ code: 'interrupted', severity: 'high' });
  });
});
