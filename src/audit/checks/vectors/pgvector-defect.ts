import { defectsOf, isOlder } from '../../../indexes/index.js';
import { vectorCheck } from './check.js';

/** A version of pgvector with a known defect, where the database has an index that can meet it. */
export const pgvectorDefect = vectorCheck({
  id: 'pgvector-defect',
  severity: 'medium',
  needs: ['server', 'pgvector', 'indexes'],
  run: ({ server, pgvector: { version, available }, indexes }) =>
    defectsOf(version).map(({ code, fixedIn }) => ({
      object: `${server.database}.vector: ${code}`,
      confidence: 'high',
      basis: 'catalog',
      evidence: `SELECT extversion FROM pg_extension WHERE extname = 'vector';`,
      severity: indexes.some(({ methodExtension }) => methodExtension === 'vector') ? 'medium' : 'info',
      remedy:
        available !== null && !isOlder(available, fixedIn)
          ? {
              step: 'alter',
              statements: ['ALTER EXTENSION vector UPDATE;'],
              lock: { mode: 'none', held: 'for a moment' },
              rollback: [],
            }
          : null,
      data: { version, available, defect: code, fixedIn },
    })),
});
