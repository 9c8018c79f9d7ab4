import { isOlder } from '../../../indexes/index.js';
import { vectorCheck } from './check.js';

/** The files of the extension were upgraded, the database was not. */
export const pgvectorOutdated = vectorCheck({
  id: 'pgvector-outdated',
  severity: 'low',
  needs: ['server', 'pgvector'],
  run: ({ server, pgvector: { version, available } }) =>
    available === null || !isOlder(version, available)
      ? []
      : [
          {
            object: `${server.database}.vector`,
            confidence: 'high',
            basis: 'catalog',
            evidence: `SELECT installed_version, default_version FROM pg_available_extensions WHERE name = 'vector';`,
            remedy: {
              step: 'alter',
              statements: ['ALTER EXTENSION vector UPDATE;'],
              lock: { mode: 'none', held: 'for a moment' },
              rollback: [],
            },
            data: { version, available },
          },
        ],
});
