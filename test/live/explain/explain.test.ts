import pc from 'picocolors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explanationText } from '../../../src/cli/commands/explain/print.js';
import { explainStatement, type SearchExplanation } from '../../../src/live/index.js';
import { monotonicClock } from '../../../src/measure/index.js';
import { type Session, vectorText } from '../../../src/postgres/index.js';
import { silentReporter } from '../../../src/progress.js';
import { remedySql, textOf, textsIn } from '../../../src/reports/index.js';
import { clusteredVectors } from '../../support/live-tables.js';
import { hasLocal, sharedServer } from '../../support/servers.js';

const DIMENSIONS = 6;
const ROWS = 12_000;
const HNSW = 'WITH (m = 4, ef_construction = 8)';

/*
 * Statements that are known not to use their index, each with the one cause that it has on this server. Mended means: planned
 * with the index after the change that was named, whether that is in the statement, in its settings or in an index.
 */
describe.runIf(await hasLocal())('statements that do not use their index', () => {
  const server = sharedServer('local');
  let session: Session;
  const vectors = clusteredVectors(ROWS, DIMENSIONS, 'explain');

  beforeAll(async () => {
    session = await server().connect('explain');
    await session.query('SET random_page_cost = 1.1');
    const run = (text: string): Promise<unknown> => session.query(text);
    await run(
      `CREATE TABLE plain (id int PRIMARY KEY, tenant int, project int, created int, v vector(${DIMENSIONS}), u vector(${DIMENSIONS}))`,
    );
    await session.query(
      `INSERT INTO plain SELECT n, n % 10, n % 1000, n, v::vector, v::vector
         FROM unnest($1::text[]) WITH ORDINALITY AS given(v, n)`,
      [vectors.map(vectorText)],
    );
    for (const table of ['docs', 'other', 'half', 'part', 'broken', 'none', 'ip']) {
      await run(`CREATE TABLE ${table} (LIKE plain INCLUDING ALL)`);
      await run(`INSERT INTO ${table} SELECT * FROM plain`);
    }
    await run(`CREATE INDEX docs_v ON docs USING hnsw (v vector_cosine_ops) ${HNSW}`);
    await run('CREATE INDEX docs_project ON docs (project)');
    await run('CREATE INDEX other_v ON other USING ivfflat (v vector_cosine_ops) WITH (lists = 10)');
    await run(`CREATE INDEX half_v ON half USING hnsw ((v::halfvec(${DIMENSIONS})) halfvec_cosine_ops) ${HNSW}`);
    await run(`CREATE INDEX part_v ON part USING hnsw (v vector_cosine_ops) ${HNSW} WHERE tenant = 3`);
    await run(`CREATE INDEX broken_v ON broken USING ivfflat (v vector_cosine_ops) WITH (lists = 10)`);
    await run(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken_v'::regclass`);
    await run(`CREATE INDEX ip_v ON ip USING hnsw (v vector_ip_ops) ${HNSW}`);
    await run(`CREATE TABLE parted (LIKE plain) PARTITION BY LIST (tenant)`);
    await run('CREATE TABLE parted_low PARTITION OF parted FOR VALUES IN (0, 1, 2, 3, 4)');
    await run('CREATE TABLE parted_high PARTITION OF parted FOR VALUES IN (5, 6, 7, 8, 9)');
    await run('INSERT INTO parted SELECT * FROM plain');
    await run(`CREATE INDEX ON parted_low USING hnsw (v vector_cosine_ops) ${HNSW}`);
    await run('CREATE TABLE probes (id int PRIMARY KEY, w vector)');
    await run('INSERT INTO probes SELECT id, v FROM plain WHERE id <= 50');
    await run('CREATE TABLE projects (id int PRIMARY KEY, title text)');
    await run('INSERT INTO projects SELECT n, n::text FROM generate_series(0, 999) AS n');
    await run('CREATE TABLE few (LIKE plain)');
    await run('INSERT INTO few SELECT * FROM plain LIMIT 40');
    await run('CREATE INDEX few_v ON few USING hnsw (v vector_cosine_ops)');
    await run(
      `CREATE FUNCTION embed(word text) RETURNS vector VOLATILE LANGUAGE plpgsql AS 'BEGIN RETURN array_fill(length(word), ARRAY[${DIMENSIONS}])::vector; END'`,
    );
    for (const table of [
      'plain',
      'docs',
      'other',
      'half',
      'part',
      'broken',
      'none',
      'ip',
      'parted',
      'probes',
      'projects',
      'few',
    ]) {
      await run(`ANALYZE ${table}`);
    }
  });
  afterAll(() => session.close());

  const explain = (sql: string, given: Readonly<Record<number, string>> = {}, measure: number | null = null) =>
    explainStatement({
      session,
      sql,
      given: new Map(Object.entries(given).map(([number, value]) => [Number(number), value])),
      measure,
      deadlineMs: 30_000,
      seed: 1,
      clock: monotonicClock,
      reporter: silentReporter,
    });
  const codesOf = ({ obstacles }: SearchExplanation): readonly string[] => obstacles.map(({ code }) => code);
  async function withSetting<T>(name: string, value: string, work: () => Promise<T>): Promise<T> {
    await session.query(`SET ${name} = ${value}`);
    try {
      return await work();
    } finally {
      await session.query(`RESET ${name}`);
      await session.query('SET random_page_cost = 1.1');
    }
  }

  it.each([
    ['SELECT id FROM docs ORDER BY v <=> $1 LIMIT 5'],
    ['SELECT id, v <=> $1 AS far FROM docs ORDER BY far LIMIT 5'],
    ['SELECT id FROM (SELECT id, row_number() OVER (ORDER BY v <=> $1) AS n FROM docs) AS d WHERE n <= 7'],
    ['SELECT * FROM (SELECT id, v <=> $1 AS far FROM docs) AS near ORDER BY far LIMIT 5'],
    ['SELECT id FROM docs ORDER BY v <=> (SELECT w FROM probes WHERE id = 7) LIMIT 5'],
    ['SELECT id FROM docs WHERE v <=> $1 < 0.2 ORDER BY v <=> $1 LIMIT 5'],
    ['SELECT d.id FROM docs d LEFT JOIN projects p ON p.id = d.project ORDER BY d.v <=> $1 LIMIT 5 OFFSET 35'],
  ])('leaves %s as it is', async (sql) => {
    const report = await explain(sql);
    expect(report).toMatchObject({ verdict: 'index used', obstacles: [], changed: null, plan: { usesIndex: true } });
  });

  it.each([
    ['SELECT id, 1 - (v <=> $1) AS near FROM docs ORDER BY near DESC LIMIT 5', 'order-expression'],
    ['SELECT * FROM (SELECT id, 1 - (v <=> $1) AS near FROM docs) AS n ORDER BY near DESC LIMIT 5', 'order-expression'],
    ['SELECT id FROM docs ORDER BY 0.7 * (v <=> $1) + 0.3 * created LIMIT 5', 'order-expression'],
    ['SELECT id FROM docs ORDER BY v <=> $1 DESC LIMIT 5', 'descending'],
    ['SELECT id FROM docs ORDER BY 1 - (v <=> $1) LIMIT 5', 'descending'],
    ['SELECT id FROM docs ORDER BY cosine_distance(v, $1) LIMIT 5', 'distance-function'],
    ['SELECT id FROM ip ORDER BY inner_product(v, $1) DESC LIMIT 5', 'distance-function, order-expression'],
    ['SELECT id FROM docs ORDER BY v <=> $1 NULLS FIRST LIMIT 5', 'nulls-first'],
    ['SELECT id, v <=> $1 AS far FROM docs ORDER BY far, id LIMIT 5', 'further-keys'],
    ['SELECT id FROM docs WHERE v <=> $1 < 0.2', 'threshold-only'],
    [
      `SELECT id FROM docs ORDER BY v::halfvec(${DIMENSIONS}) <=> $1::halfvec(${DIMENSIONS}) LIMIT 5`,
      'column-expression',
    ],
    ['SELECT id FROM docs ORDER BY l2_normalize(v) <=> $1 LIMIT 5', 'column-expression'],
    ['SELECT id FROM docs ORDER BY v <=> $1::halfvec LIMIT 5', 'operand-type'],
    ['SELECT id FROM half ORDER BY v <=> $1 LIMIT 5', 'index-on-expression'],
    ['WITH d AS MATERIALIZED (SELECT * FROM docs) SELECT id FROM d ORDER BY v <=> $1 LIMIT 5', 'materialized-cte'],
    ['SELECT id FROM (SELECT * FROM docs OFFSET 0) AS d ORDER BY v <=> $1 LIMIT 5', 'subquery-fence'],
    ['SELECT d.id FROM docs d JOIN probes q ON q.id = 3 ORDER BY d.v <=> q.w LIMIT 5', 'operand-of-another-table'],
    ["SELECT id FROM docs ORDER BY v <=> embed('cat') LIMIT 5", 'volatile-operand'],
    ['SELECT DISTINCT tenant, v <=> $1 AS far FROM docs ORDER BY far LIMIT 5', 'distinct-rows'],
    ['SELECT tenant, min(v <=> $1) AS far FROM docs GROUP BY tenant ORDER BY far LIMIT 5', 'distinct-rows'],
    ['SELECT id FROM docs ORDER BY tenant, v <=> $1 LIMIT 5', 'sorted-by-other-first'],
    ['SELECT id FROM part ORDER BY v <=> $1 LIMIT 5', 'partial-index'],
    [
      'SELECT d.id FROM docs d JOIN projects p ON p.id = d.project WHERE p.title = $2 ORDER BY d.v <=> $1 LIMIT 50',
      'cheaper-join',
    ],
  ])('names and mends %s', async (sql, codes) => {
    const report = await explain(sql, sql.includes('$2') ? { 2: '7' } : {});
    expect(report.plan.usesIndex).toBe(false);
    expect(
      codesOf(report)
        .filter((code) => code !== 'filter-after-scan' && code !== 'limit-above-setting')
        .join(', '),
    ).toBe(codes);
    expect(report).toMatchObject({ verdict: 'mended', changed: { plan: { usesIndex: true } } });
    for (const obstacle of report.obstacles) {
      expect(textOf(textsIn('en').searchObstacles, obstacle)).toMatch(/^\S.*\.$/s);
    }
    await session.rolledBack(async () => {
      for (const [name, value] of Object.entries(report.changed!.settings))
        await session.query(`SET LOCAL ${name} = '${value}'`);
      await session.query(`EXPLAIN ${report.changed!.sql.replaceAll(/\$\d+/g, 'NULL')}`);
    });
  });

  it.each([
    ['SELECT id FROM other ORDER BY v <-> $1 LIMIT 5', 'operator-mismatch'],
    ['SELECT id FROM none ORDER BY v <=> $1 LIMIT 5', 'no-index'],
    ['SELECT id FROM broken ORDER BY v <=> $1 LIMIT 5', 'invalid-index'],
    ['SELECT id FROM parted ORDER BY v <=> $1 LIMIT 5', 'partition-without-index'],
  ])('names and mends %s by an index', async (sql, code) => {
    const report = await explain(sql);
    expect(codesOf(report)).toEqual([code]);
    expect(report).toMatchObject({ verdict: 'change needed', changed: null });
    for (const statement of remedySql(report.obstacles[0]!.remedy)) await session.query(statement);
    expect(await explain(sql)).toMatchObject({ verdict: 'index used', obstacles: [] });
  });

  it('names and mends a method that is off, and page costs of old disks', async () => {
    const sql = 'SELECT id FROM docs ORDER BY v <=> $1 LIMIT 5';
    const off = await withSetting('enable_indexscan', 'off', () => explain(sql));
    expect(codesOf(off)).toEqual(['method-off']);
    expect(off).toMatchObject({ verdict: 'mended', changed: { settings: { enable_indexscan: 'on' } } });
    const old = await withSetting('random_page_cost', '1000', () => explain(sql));
    expect(codesOf(old)).toEqual(['cheaper-scan']);
    expect(old).toMatchObject({ verdict: 'mended', changed: { isRewritten: false } });
  });

  it('leaves a small table, and a condition that few rows meet, to the exact plan', async () => {
    const few = await explain('SELECT id FROM few ORDER BY v <=> $1 LIMIT 5');
    expect(codesOf(few)).toEqual(['small-table']);
    expect(few.verdict).toBe('exact is right');
    const filtered = await explain('SELECT id FROM docs WHERE project = $2 ORDER BY v <=> $1 LIMIT 5');
    expect(codesOf(filtered)).toEqual(['cheaper-filter']);
    expect(filtered).toMatchObject({
      verdict: 'exact is right',
      parameters: [{ value: null }, { value: expect.any(String) }],
    });
  });

  it('names and mends a generic plan', async () => {
    const sql = 'SELECT id FROM part WHERE tenant = $2 ORDER BY v <=> $1 LIMIT 5';
    const report = await withSetting('plan_cache_mode', 'force_generic_plan', () => explain(sql, { 2: '3' }));
    expect(codesOf(report)).toEqual(['generic-plan']);
    expect(report).toMatchObject({
      verdict: 'mended',
      changed: { settings: { plan_cache_mode: 'force_custom_plan' } },
    });
  });

  it('names and mends what loses rows of the answer', async () => {
    const short = await explain('SELECT id FROM docs ORDER BY v <=> $1 LIMIT 100');
    expect(codesOf(short)).toEqual(['limit-above-setting']);
    expect(short.changed!.settings).toEqual({ 'hnsw.ef_search': '100' });
    const paged = await explain('SELECT id FROM docs ORDER BY v <=> $1 LIMIT $2 OFFSET $3', { 2: '20', 3: '60' });
    expect(paged.obstacles).toMatchObject([{ code: 'limit-above-setting', data: { rows: 80, withOffset: true } }]);
    expect(paged.changed!.settings).toEqual({ 'hnsw.ef_search': '80' });
    const all = await explain('SELECT id FROM docs ORDER BY v <=> $1');
    expect(all.obstacles).toMatchObject([{ code: 'limit-above-setting', data: { rows: null } }]);
    const sorted = await withSetting('random_page_cost', '4', () => explain('SELECT id FROM docs ORDER BY v <=> $1'));
    expect(codesOf(sorted)).toEqual(['no-limit']);
    const filtered = await explain('SELECT id FROM docs WHERE tenant = 5 ORDER BY v <=> $1 LIMIT 5');
    expect(codesOf(filtered)).toEqual(['filter-after-scan']);
    expect(filtered.changed!.settings).toEqual({ 'hnsw.iterative_scan': 'strict_order' });
    const text = explanationText(filtered, { server: 'local', paint: pc.createColors(false) });
    expect(text).toContain('Its plan is the same.');
    const looked = 'SELECT id FROM docs d WHERE NOT EXISTS (SELECT 1 FROM few WHERE few.id = d.id)';
    expect(codesOf(await explain(`${looked} ORDER BY v <=> $1 LIMIT 5`))).toEqual(['filter-after-scan']);
  });

  it('measures the changed statement against the exact answer', async () => {
    const sql = 'SELECT id, 1 - (v <=> $1) AS near FROM docs ORDER BY near DESC NULLS LAST LIMIT 10';
    const { measured } = await explain(sql, {}, 20);
    expect(measured).toMatchObject({ exactOf: 'statement', recall: { queries: 20 }, completeness: { mean: 1 } });
    const own = await session.query<{ recall: number }>(
      `WITH q AS (SELECT id, v FROM docs ORDER BY id LIMIT 1),
            a AS (SELECT d.id FROM docs d ORDER BY d.v <=> (SELECT v FROM q) LIMIT 10)
       SELECT count(*)::float8 / 10 AS recall FROM a`,
    );
    expect(own[0]!.recall).toBe(1);
    expect(measured!.recall.mean.value).toBeGreaterThan(0.3);
    expect(measured!.recall.mean.value).toBeLessThanOrEqual(1);
    // Every row is asked for: the index visits all of a small graph.
    const literal = await explain(`SELECT id FROM docs ORDER BY cosine_distance(v, '[1,2,3,4,5,6]') LIMIT 3`, {}, 5);
    expect(literal.measured!.recall.queries).toBe(5);
  });

  it('leaves rows missing where bringing them back would cost the index', async () => {
    const sql = 'SELECT id FROM docs ORDER BY v <=> $1 LIMIT 300';
    const report = await withSetting('random_page_cost', '25', () => explain(sql));
    expect(codesOf(report)).toEqual(['limit-above-setting', 'settings-cost-index']);
    expect(report).toMatchObject({ verdict: 'rows missing', changed: null });
    const text = explanationText(report, { server: 'local', paint: pc.createColors(false) });
    expect(text).toContain("    SET LOCAL hnsw.ef_search = '300';");
  });

  it('sums what all partitions are expected to give', async () => {
    const sql = 'SELECT id FROM parted WHERE project < 100 ORDER BY v <=> $1 LIMIT 5';
    const report = await withSetting('random_page_cost', '1000', () => explain(sql));
    expect(report.obstacles).toMatchObject([
      { code: 'cheaper-filter', data: { selectivity: expect.closeTo(0.1, 2), crossover: null } },
    ]);
  });

  it('asks the planner about the LIMIT that a parameter has', async () => {
    const crossover = async (limit: string, given: Readonly<Record<number, string>>): Promise<unknown> => {
      const report = await explain(`SELECT id FROM docs WHERE project = 3 ORDER BY v <=> $1 LIMIT ${limit}`, given);
      return report.obstacles.flatMap((found) => (found.code === 'cheaper-filter' ? [found.data.crossover] : []));
    };
    expect(await crossover('$2', { 2: '200' })).toEqual(await crossover('200', {}));
    expect(await crossover('$2', { 2: '200' })).not.toEqual(await crossover('5', {}));
  });

  it('draws the value of a column from the table that the statement calls so', async () => {
    const join = 'SELECT d.id FROM docs d JOIN projects p ON p.id = d.project';
    const drawn = async (where: string): Promise<unknown> =>
      (await explain(`${join} WHERE ${where} ORDER BY d.v <=> $1 LIMIT 5`)).parameters[1]?.value;
    expect(await drawn('p.id = $2')).toBe('0');
    expect(await drawn('d.id = $2')).toBe('1');
  });

  it('draws a vector for a parameter that a function takes, but no word', async () => {
    const quantized = `binary_quantize(v)::bit(${DIMENSIONS}) <~> binary_quantize($1::vector)::bit(${DIMENSIONS})`;
    const report = await explain(
      `SELECT id FROM (SELECT id, v FROM docs ORDER BY ${quantized} LIMIT 20) AS near ORDER BY v <=> $1 LIMIT 5`,
    );
    expect(report).toMatchObject({ operator: '<~>', parameters: [{ source: 'drawn from the table' }] });
    for (const cast of ['$1::halfvec', '$1::text::vector', '$1::vector(6)']) {
      const { parameters } = await explain(`SELECT id FROM docs ORDER BY v <=> ${cast} LIMIT 5`);
      expect(parameters).toMatchObject([{ source: 'drawn from the table' }]);
    }
    const word = 'SELECT id FROM docs ORDER BY v <=> embed($1) LIMIT 5';
    await expect(explain(word)).rejects.toThrow(/Nothing says what \$1 \(text\) could be/);
  });

  it('does not execute a volatile function', async () => {
    const sql = "SELECT id FROM docs ORDER BY v <=> embed('cat') LIMIT 5";
    await expect(explain(sql, {}, 1)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/calls (\w+\.)?embed, which is VOLATILE/),
    });
  });

  it('refuses what cannot be meant', async () => {
    await expect(explain('SELECT id FROM nowhere ORDER BY v <=> $1 LIMIT 5')).rejects.toThrow(
      /does not order by a distance/,
    );
    await expect(explain('SELECT nothing FROM docs ORDER BY v <=> $1 LIMIT 5')).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(explain('SELECT id FROM docs WHERE created < $2 ORDER BY v <=> $1 LIMIT 5')).rejects.toThrow(/\$2/);
    await expect(explain('SELECT id FROM docs ORDER BY v <=> $1 LIMIT 5', { 4: '1' })).rejects.toThrow(
      /no parameter \$4/,
    );
  });
});
