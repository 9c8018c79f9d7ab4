import { rowsOf } from '../../relations.js';
import { plainName, regclass, relation } from '../../sql.js';
import { schemaCheck } from './check.js';

/** A table that a crash empties, and that no standby has. */
export const unloggedTable = schemaCheck({
  id: 'unlogged-table',
  severity: 'info',
  needs: ['tables'],
  run: ({ tables }) =>
    tables
      .filter(({ unlogged }) => unlogged)
      .map((table) => ({
        object: plainName(table),
        confidence: 'high',
        basis: 'catalog',
        evidence: `SELECT relpersistence FROM pg_class WHERE oid = ${regclass(table)};`,
        remedy: {
          step: 'alter',
          statements: [`ALTER TABLE ${relation(table)} SET LOGGED;`],
          lock: { mode: 'ACCESS EXCLUSIVE', held: 'while it rewrites' },
          rollback: [`ALTER TABLE ${relation(table)} SET UNLOGGED;`],
        },
        data: { table: plainName(table), rows: rowsOf(table), bytes: table.heapBytes },
      })),
});
