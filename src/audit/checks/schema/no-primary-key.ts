import type { Remedy } from '../database.js';
import { relationsOf, rowsOf } from '../../relations.js';
import type { Index, Table } from '../../snapshot/relations.js';
import { name, plainName, regclass, relation } from '../../sql.js';
import { schemaCheck } from './check.js';

/** Rows that nothing tells apart: no logical replication of updates, no safe deletion of a duplicate. */
export const noPrimaryKey = schemaCheck({
  id: 'no-primary-key',
  severity: 'medium',
  needs: ['tables', 'columns', 'indexes'],
  run: (parts) => {
    const relations = relationsOf(parts);
    return parts.tables
      .filter(({ kind, parentOid }) => kind !== 'materialized-view' && parentOid === null)
      .filter((table) => !relations.indexesOf(table.oid).some(({ constraint }) => constraint?.kind === 'primary'))
      .map((table) => {
        const candidate = relations
          .indexesOf(table.oid)
          .find(
            ({ unique, valid, immediate, predicate, keys }) =>
              unique &&
              valid &&
              immediate &&
              predicate === null &&
              keys.every(({ column }) => relations.column(table.oid, column)?.notNull),
          );
        return {
          object: plainName(table),
          confidence: 'high',
          basis: 'catalog',
          evidence: `SELECT conname, contype FROM pg_constraint WHERE conrelid = ${regclass(table)};`,
          remedy: remedyOf(table, candidate),
          severity: candidate ? 'info' : 'medium',
          data: { table: plainName(table), rows: rowsOf(table), candidate: candidate?.name ?? null },
        };
      });
  },
});

function remedyOf(table: Table, candidate: Index | undefined): Remedy | null {
  // A constraint names its index already, and a partitioned table takes no index over.
  if (candidate?.constraint || (candidate && table.kind === 'partitioned')) return null;
  const key = `${table.name}_pkey`;
  if (candidate) {
    return {
      step: 'alter',
      statements: [`ALTER TABLE ${relation(table)} ADD PRIMARY KEY USING INDEX ${name(candidate.name)};`],
      lock: { mode: 'ACCESS EXCLUSIVE', held: 'for a moment' },
      rollback: [`ALTER TABLE ${relation(table)} DROP CONSTRAINT IF EXISTS ${name(candidate.name)};`],
    };
  }
  if (table.kind === 'partitioned') return null;
  return {
    step: 'alter',
    statements: [
      `ALTER TABLE ${relation(table)} ADD COLUMN ${name(key)} bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY;`,
    ],
    lock: { mode: 'ACCESS EXCLUSIVE', held: 'while it rewrites' },
    rollback: [`ALTER TABLE ${relation(table)} DROP COLUMN IF EXISTS ${name(key)};`],
  };
}
