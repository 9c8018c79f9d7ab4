import { it } from 'vitest';
import { tooManyDimensions } from '../../../../src/audit/checks/vectors/too-many-dimensions.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectFound, expectSilence } from '../../../support/database-checks.js';

describeWithServers('too-many-dimensions', () => {
  it('speaks of a column whose own type no index takes', () =>
    expectFound(tooManyDimensions, ['CREATE EXTENSION vector', 'CREATE TABLE docs (v vector(3072))'], {
      severity: 'low',
      object: 'public.docs.v',
      data: { table: 'public.docs', column: 'v', typeName: 'vector', dimensions: 3072, limit: 2000 },
    }));

  it('is silent below, and where an expression is indexed', () =>
    expectSilence(
      tooManyDimensions,
      'CREATE EXTENSION vector',
      'CREATE TABLE docs (v vector(3072), w vector(2000))',
      'CREATE INDEX ON docs USING hnsw ((v::halfvec(3072)) halfvec_l2_ops)',
    ));
});
