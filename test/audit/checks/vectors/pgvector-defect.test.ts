import { expect, it } from 'vitest';
import { pgvectorDefect } from '../../../../src/audit/checks/vectors/pgvector-defect.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, mend } from '../../../support/database-checks.js';

describeWithServers('pgvector-defect', () => {
  it('speaks of a version with known defects, and of those that the update mends', async () => {
    const database = await databaseWith(
      'CREATE EXTENSION vector',
      'CREATE TABLE docs (v vector(3))',
      'CREATE INDEX ON docs USING hnsw (v vector_l2_ops)',
    );
    const snapshot = await databaseSnapshot(database);
    const withVersion = (version: string, available: string) => ({ ...snapshot, pgvector: { version, available } });
    expect(foundBy(pgvectorDefect, withVersion('0.8.0', '0.8.2')).slice(0, 3)).toEqual([
      expect.objectContaining({
        severity: 'medium',
        remedy: expect.objectContaining({ statements: ['ALTER EXTENSION vector UPDATE;'] }),
        data: { version: '0.8.0', available: '0.8.2', defect: 'parallel-build-overflow', fixedIn: '0.8.2' },
      }),
      expect.objectContaining({ remedy: null, data: expect.objectContaining({ defect: 'vacuum-corruption' }) }),
      expect.objectContaining({ remedy: null }),
    ]);
    await mend(database, foundBy(pgvectorDefect, withVersion('0.8.0', '0.8.2')).slice(0, 1));
    expect(foundBy(pgvectorDefect, withVersion('99.0.0', '99.0.0'))).toEqual([]);
    const of = (found: ReturnType<typeof foundBy<typeof pgvectorDefect>>) =>
      Object.fromEntries(found.map(({ data, severity }) => [data.defect, severity]));
    const hnswOnly = of(foundBy(pgvectorDefect, withVersion('0.8.0', '0.8.0')));
    expect(hnswOnly).toMatchObject({ 'vacuum-corruption': 'medium', 'ivfflat-build-overflow': 'info' });
    expect(hnswOnly).not.toHaveProperty('ivfflat-overflow-32-bit');
    const narrow = { ...withVersion('0.8.0', '0.8.0'), wordBits: 32 as const };
    expect(of(foundBy(pgvectorDefect, narrow))).toHaveProperty('ivfflat-overflow-32-bit');
    const unused = { ...withVersion('0.8.2', '0.8.2'), indexes: [] };
    expect(new Set(foundBy(pgvectorDefect, unused).map(({ severity }) => severity))).toEqual(new Set(['info']));
  });
});
