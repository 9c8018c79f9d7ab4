import { it } from 'vitest';
import { vectorWithoutDimensions } from '../../../../src/audit/checks/vectors/vector-without-dimensions.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectFound, expectSilence } from '../../../support/database-checks.js';

describeWithServers('vector-without-dimensions', () => {
  it('names a column that no index can be built on', () =>
    expectFound(vectorWithoutDimensions, ['CREATE EXTENSION vector', 'CREATE TABLE docs (v vector)'], {
      severity: 'medium',
      object: 'public.docs.v',
      data: { table: 'public.docs', column: 'v', typeName: 'vector' },
    }));

  it('is silent about one with dimensions', () =>
    expectSilence(vectorWithoutDimensions, 'CREATE EXTENSION vector', 'CREATE TABLE docs (v vector(3))'));
});
