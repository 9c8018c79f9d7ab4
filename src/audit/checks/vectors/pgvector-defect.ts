import { defectsOf, isOlder } from '../../../indexes/index.js';
import { vectorCheck } from './check.js';

/** A version of pgvector with a known defect, more severe where the database has an index that can meet it. */
export const pgvectorDefect = vectorCheck({
  id: 'pgvector-defect',
  severity: 'medium',
  needs: ['server', 'pgvector', 'indexes', 'wordBits'],
  run: ({ server, pgvector: { version, available }, indexes, wordBits }) =>
    defectsOf(version)
      .filter(({ code }) => code !== 'ivfflat-overflow-32-bit' || wordBits === 32)
      .map(({ code, method, fixedIn }) => ({
        object: `${server.database}.vector: ${code}`,
        confidence: 'high',
        basis: 'catalog',
        evidence: `SELECT extversion FROM pg_extension WHERE extname = 'vector';`,
        severity: indexes.some((index) => index.methodExtension === 'vector' && index.method === method)
          ? 'medium'
          : 'info',
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
