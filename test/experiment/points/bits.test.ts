import { expect, it } from 'vitest';
import { plainSql } from '../../../src/reports/tune/sql/plain.js';
import type { Metric } from '../../../src/vocabulary.js';
import { benches, exactScan, hnsw, ivfflat, type RunningBench } from '../../support/running-bench.js';
import { manifest } from '../../support/run-manifest.js';
import { describeServers } from '../../support/servers.js';

const DIMENSIONS = 64;
const K = 10;

/** Bits as people write them; one where a value is above zero. */
const bitsOf = (vector: Float32Array): string => Array.from(vector, (value) => (value > 0 ? '1' : '0')).join('');

const DISTANCES: Readonly<Partial<Record<Metric, (a: string, b: string) => number>>> = {
  hamming: (a, b) => a.split('').filter((bit, i) => bit !== b[i]).length,
  jaccard(a, b) {
    const both = a.split('').filter((bit, i) => bit === '1' && b[i] === '1').length;
    const either = a.split('').filter((bit, i) => bit === '1' || b[i] === '1').length;
    return both === 0 ? 1 : 1 - both / either;
  },
};

/** Mean share of the rows that are no farther than the k-th, by plain SQL and plain arithmetic. */
async function recallOf(bench: RunningBench, metric: Metric, efSearch: number): Promise<number> {
  const { session, workspace, dataset } = bench;
  const distance = DISTANCES[metric]!;
  const base = Array.from({ length: dataset.manifest.rows }, (_, row) => bitsOf(dataset.vector(row)));
  const operator = metric === 'hamming' ? '<~>' : '<%>';
  const { values, rows } = dataset.queries;
  let sum = 0;
  await session.query(`SET hnsw.ef_search = ${efSearch}`);
  for (let query = 0; query < rows; query++) {
    const bits = bitsOf(values.subarray(query * DIMENSIONS, (query + 1) * DIMENSIONS));
    const farthest = base.map((row) => distance(bits, row)).sort((a, b) => a - b)[K - 1]!;
    const found = await session.query<{ id: string }>(
      `SELECT id FROM ${workspace.quote('items')} ORDER BY embedding ${operator} '${bits}' LIMIT ${K}`,
    );
    sum += found.filter(({ id }) => distance(bits, base[Number(id)]!) <= farthest + 1e-9).length / K;
  }
  await session.query('RESET hnsw.ef_search');
  return sum / rows;
}

await describeServers('vectors of bits', (server) => {
  const running = benches(server, { rows: 1500, dimensions: DIMENSIONS, queries: 40 });

  it.each(['hamming', 'jaccard'] as const)('are searched and judged as bits: %s', async (metric) => {
    const bench = await running({ metric });
    const { session, workspace } = bench;
    const [column] = await session.query<{ type: string }>(
      `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute
        WHERE attrelid = '${workspace.quote('items')}'::regclass AND attname = 'embedding'`,
    );
    expect(column?.type).toBe(`bit(${DIMENSIONS})`);

    const [exact] = await bench.points(await bench.build(exactScan), [{}]);
    expect(exact).toMatchObject({ status: 'ok', measured: { recall: { mean: { value: 1 } } } });
    const build = await bench.build(hnsw(4, 8));
    expect(build).toMatchObject({ status: 'ok' });
    const [point] = await bench.points(build, [{ ef_search: 10 }]);
    const recall = await recallOf(bench, metric, 10);
    expect(recall).toBeLessThan(1);
    expect(point?.measured?.recall.mean.value).toBeCloseTo(recall, 9);
    expect(point?.measured?.plan.index).toBe(build.index?.name);
  });

  it('have Hamming lists, too', async () => {
    const bench = await running({ metric: 'hamming' });
    const [point] = await bench.points(await bench.build(ivfflat(10)), [{ probes: 10 }]);
    expect(point?.measured?.recall.mean.value).toBe(1);
  });

  it('are asked by the printed statements, on a column of bits', async () => {
    const bench = await running({ metric: 'hamming' });
    const { session, workspace } = bench;
    await session.query(`CREATE TABLE your_table AS SELECT id, embedding FROM ${workspace.quote('items')}`);
    const known = manifest('local');
    const dataset = { ...known.dataset, rows: 1500, dimensions: DIMENSIONS };
    const printed = plainSql(
      { ...known, metric: 'hamming', dataset },
      { spec: hnsw(8, 16), settings: { ef_search: 50 }, point: '', build: '' },
      K,
    );
    const bits = bitsOf(bench.dataset.queries.values.subarray(0, DIMENSIONS));
    const answers: string[][] = [];
    const run = async (statement: string): Promise<void> => {
      const isSearch = /^SELECT .*\$1/.test(statement);
      const rows = await session.query(statement, isSearch ? [bits] : []);
      if (isSearch) answers.push(rows.flatMap((row) => Object.values(row).map(String)));
    };
    for (const statement of [...printed.build, ...printed.query, ...printed.asFunction.build]) await run(statement);
    expect(answers[0]).toHaveLength(K);
    expect(answers[1]).toEqual(answers[0]);
    for (const statement of [...printed.check, ...printed.asFunction.undo]) await run(statement);
    await session.query('DROP TABLE your_table');
  });
});
