import { expect, it } from 'vitest';
import { pgvectorOutdated } from '../../../../src/audit/checks/vectors/pgvector-outdated.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectFound, expectSilence } from '../../../support/database-checks.js';

describeWithServers('pgvector-outdated', () => {
  it('speaks where the files are newer than the extension', () =>
    expectFound(
      pgvectorOutdated,
      ['CREATE EXTENSION vector', "UPDATE pg_extension SET extversion = '0.4.4' WHERE extname = 'vector'"],
      {
        severity: 'low',
        data: { version: '0.4.4', available: expect.stringMatching(/^0\.\d+\.\d+$/) },
        remedy: expect.objectContaining({ statements: ['ALTER EXTENSION vector UPDATE;'] }),
      },
    ));

  it('is silent where they are the same', () => expectSilence(pgvectorOutdated, 'CREATE EXTENSION vector'));
});
