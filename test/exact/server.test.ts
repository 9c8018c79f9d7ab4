import { expect, it } from 'vitest';
import { distance, exactTruth, judge, roundingOf } from '../../src/exact/index.js';
import { operatorFor } from '../../src/indexes/index.js';
import { encodeVector, loadVectors, type Session } from '../../src/postgres/index.js';
import { metricSchema, type Metric } from '../../src/vocabulary.js';
import { createRandom } from '../../src/random.js';
import { describeServers } from '../support/servers.js';
import { matrix, memoryDataset, randomMatrix, vectorOf } from './memory-dataset.js';

const DIMENSIONS = 20;
const noise = randomMatrix(400, DIMENSIONS, 'server base');
/** Each row stands there twice: the server may return either of the two. */
const base = matrix(800, DIMENSIONS, [...noise.values, ...noise.values]);
const queries = randomMatrix(12, DIMENSIONS, 'server queries');

/** The server's own distance; for the metrics of bits, between what binary_quantize makes of the vectors. */
function distanceSql(metric: Metric): string {
  const side = (value: string): string =>
    metric === 'hamming' || metric === 'jaccard' ? `binary_quantize(${value})::bit(${DIMENSIONS})` : value;
  return `${side('embedding')} ${operatorFor(metric)} ${side('$1::vector')}`;
}

async function load(session: Session, capabilities: Parameters<typeof loadVectors>[1]): Promise<void> {
  await session.query(`CREATE TABLE exact_rows (id bigint PRIMARY KEY, embedding vector(${DIMENSIONS}))`);
  const blocks = memoryDataset(base, queries).blocks();
  await loadVectors([session], capabilities, { table: 'exact_rows', blocks, onProgress: () => undefined });
}

await describeServers("the server's exact scan", (server) => {
  it('agrees with the exact neighbours in every metric', async () => {
    const session = await server().connect('exact-test');
    await load(session, server().capabilities);
    for (const metric of metricSchema.options) {
      const truth = await exactTruth(memoryDataset(base, queries), { metric, k: 15 });
      const text = `SELECT id, ${distanceSql(metric)} AS distance FROM exact_rows ORDER BY distance LIMIT 15`;
      for (let query = 0; query < queries.rows; query++) {
        const vector = vectorOf(queries, query);
        const answer = await session.execute({ name: `exact_${metric}`, text }, [encodeVector(vector)]);
        const rows = answer.map(([id]) => Number(id));
        const judgement = judge(
          truth,
          query,
          rows,
          (row) => distance(metric, vector, vectorOf(base, row)),
          (row) => roundingOf(metric, vector, vectorOf(base, row)),
        );
        expect({ metric, query, ...judgement }).toMatchObject({ metric, query, hits: 15, returned: 15 });
        for (const [rank, [, served]] of answer.entries()) {
          // The server sums in float32.
          expect(Math.abs(Number(served) - truth.distances[query * 15 + rank]!)).toBeLessThan(1e-5);
        }
      }
    }
    await session.close();
  });

  it('is right about inner products that cancel, whose errors go with the norms', async () => {
    for (const dimensions of [3, 64, 768]) {
      const session = await server().connect('exact-test');
      const random = createRandom(`cancel ${dimensions}`);
      // Most of each row stands across the query.
      const across = Float32Array.from({ length: dimensions }, () => 1000 * random.normal());
      const rows = Array.from({ length: 200 }, () => across.map((value) => value * (1 + 1e-6 * random.next())));
      const base = matrix(
        200,
        dimensions,
        rows.flatMap((row) => [...row]),
      );
      const asked = Float32Array.from({ length: dimensions }, () => random.normal());
      const share = products(asked, across) / products(across, across);
      const query = asked.map((value, i) => value - share * across[i]!);
      const table = `cancel_${dimensions}`;
      await session.query(`CREATE TABLE ${table} (id bigint PRIMARY KEY, embedding vector(${dimensions}))`);
      const blocks = memoryDataset(base, base).blocks();
      await loadVectors([session], server().capabilities, { table, blocks, onProgress: () => undefined });
      const answer = await session.execute(
        { name: table, text: `SELECT id, embedding <#> $1::vector AS d FROM ${table} ORDER BY d` },
        [encodeVector(query)],
      );
      for (const [id, served] of answer) {
        const row = vectorOf(base, Number(id));
        const error = Math.abs(Number(served) - distance('ip', query, row));
        expect(error).toBeLessThanOrEqual(roundingOf('ip', query, row));
      }
      const truth = await exactTruth(memoryDataset(base, matrix(1, dimensions, [...query])), { metric: 'ip', k: 15 });
      const judgement = judge(
        truth,
        0,
        answer.slice(0, 15).map(([id]) => Number(id)),
        (row) => distance('ip', query, vectorOf(base, row)),
        (row) => roundingOf('ip', query, vectorOf(base, row)),
      );
      expect({ dimensions, hits: judgement.hits }).toEqual({ dimensions, hits: 15 });
      await session.close();
    }
  });
});

const products = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
