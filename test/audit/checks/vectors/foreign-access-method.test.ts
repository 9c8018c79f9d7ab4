import { expect, it } from 'vitest';
import { foreignAccessMethod } from '../../../../src/audit/checks/vectors/foreign-access-method.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';
const VECTORS = ['CREATE EXTENSION vector', 'CREATE TABLE docs (id int, v vector(3))'];

describeWithServers('foreign-access-method', () => {
  it('names a method with the name of pgvector that is not its own, to which no other check is applied', async () => {
    const snapshot = await databaseSnapshot(
      await databaseWith(...VECTORS, 'CREATE INDEX docs_v ON docs USING hnsw (v vector_l2_ops)'),
    );
    expect(foundBy(foreignAccessMethod, snapshot)).toEqual([]);
    // There is no fork here to install.
    const forked = {
      ...snapshot,
      indexes: snapshot.indexes.map((index) => ({ ...index, methodExtension: 'vectorfast' })),
    };
    expect(foundBy(foreignAccessMethod, forked)).toEqual([
      expect.objectContaining({
        severity: 'info',
        object: 'public.docs.docs_v',
        data: { index: 'docs_v', method: 'hnsw', extension: 'vectorfast' },
      }),
    ]);
    // Of a name that pgvector does not have: on vectors, and on something else.
    const other = (typeName: string) => ({
      ...snapshot,
      indexes: snapshot.indexes.map((index) => ({
        ...index,
        method: 'diskann',
        methodExtension: 'vectorscale',
        keys: index.keys.map((key) => ({ ...key, typeName })),
      })),
    });
    expect(foundBy(foreignAccessMethod, other('vector')).map(({ data }) => data)).toEqual([
      { index: 'docs_v', method: 'diskann', extension: 'vectorscale' },
    ]);
    expect(foundBy(foreignAccessMethod, other('text'))).toEqual([]);
  });
});
