import { expect, it } from 'vitest';
import { duplicateVectors } from '../../../../src/audit/checks/vectors/duplicate-vectors.js';
import { describeWithServers } from '../../../support/check-servers.js';
import {
  databaseSnapshot,
  databaseWith,
  expectFound,
  expectSilence,
  foundBy,
} from '../../../support/database-checks.js';

const table = (each: number, rows: number): readonly string[] => [
  'CREATE EXTENSION vector',
  'CREATE TABLE docs (id int, v vector(2))',
  `INSERT INTO docs SELECT i, ARRAY[i / ${each}, 1]::real[]::vector FROM generate_series(0, ${rows - 1}) AS i`,
];
const INDEX = 'CREATE INDEX docs_v ON docs USING hnsw (v vector_l2_ops)';

describeWithServers('duplicate-vectors', () => {
  it('says with how many rows a row shares its vector, and that no element of a graph holds them', () =>
    expectFound(duplicateVectors, [...table(20, 200), INDEX], {
      severity: 'low',
      object: 'public.docs.v',
      data: expect.objectContaining({
        sampled: 200,
        rowsPerVector: { value: 20, low: 20, high: 20 },
        mostFrequent: 20,
        graphs: ['docs_v'],
      }),
    }));

  it('is worth no more than a note where an element holds them, or there is no graph', async () => {
    await expectFound(duplicateVectors, [...table(10, 200), INDEX], { severity: 'info' });
    await expectFound(duplicateVectors, table(20, 200), { severity: 'info' });
  });

  it('estimates it from a sample of a larger table', async () => {
    const database = await databaseWith(...table(200, 20_000), INDEX, 'ANALYZE docs');
    const [found] = foundBy(duplicateVectors, await databaseSnapshot(database));
    const { rowsPerVector, isWhole } = found!.data;
    expect(isWhole).toBe(false);
    expect(rowsPerVector.low).toBeGreaterThan(150);
    expect(rowsPerVector.low).toBeLessThan(200);
    expect(rowsPerVector.high).toBeGreaterThan(200);
    expect(rowsPerVector.high).toBeLessThan(260);
  });

  it('is silent where vectors differ', () => expectSilence(duplicateVectors, ...table(1, 200), INDEX));
});
