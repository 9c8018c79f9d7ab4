import { expect, it } from 'vitest';
import { nullVectors } from '../../../../src/audit/checks/vectors/null-vectors.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectFound, expectSilence } from '../../../support/database-checks.js';
const VECTORS = ['CREATE EXTENSION vector', 'CREATE TABLE docs (id int, v vector(3))'];
const rows = (count: number): string =>
  `INSERT INTO docs SELECT i, ARRAY[i, random(), random()]::real[]::vector FROM generate_series(1, ${count}) AS i`;

describeWithServers('null-vectors', () => {
  it('says how many rows no search finds', () =>
    expectFound(
      nullVectors,
      [...VECTORS, rows(90), 'INSERT INTO docs SELECT 0 FROM generate_series(1, 10)', 'ANALYZE docs'],
      {
        severity: 'info',
        object: 'public.docs.v',
        data: { table: 'public.docs', column: 'v', nullFraction: expect.closeTo(0.1, 3), rows: expect.closeTo(10, 3) },
      },
    ));

  it('is silent where each row has a vector', () => expectSilence(nullVectors, ...VECTORS, rows(90), 'ANALYZE docs'));
});
