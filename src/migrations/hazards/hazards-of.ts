import type { Severity } from '../../findings.js';
import type { Effect } from '../effects.js';
import type { Operation } from '../history.js';
import type { Schema } from '../replay/schema.js';
import type { Sight } from '../sight.js';
import { type HazardCode, type HazardData, type Lock, type Work } from './hazard.js';
import * as safe from './safe-sequences.js';
import { typeChangeWork } from './type-change.js';

/** A hazard without what is only known of the whole. */
export interface Danger {
  readonly code: HazardCode;
  readonly severity: Severity;
  readonly table: string;
  readonly lock: Lock | null;
  readonly work: Work;
  readonly safe: readonly string[];
}

export interface DangerContext {
  readonly schema: Schema;
  /** Tables, types and indexes that the same revision creates: nobody waits for those. */
  readonly isNew: (name: string) => boolean;
}

const AE = 'ACCESS EXCLUSIVE' as const;

/** What one effect does to a database in use, by its lock and the work under it. */
export function dangersOf(effect: Effect, operation: Operation, { schema, isNew }: DangerContext): readonly Danger[] {
  const danger = (
    code: HazardCode,
    severity: Severity,
    table: string,
    lock: Lock | null,
    work: Work,
    sequence: readonly string[] = [],
  ): readonly Danger[] => [{ code, severity, table, lock, work, safe: sequence }];
  // All others are harmless.
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check
  switch (effect.kind) {
    case 'create-index': {
      const { table } = effect.index;
      if (effect.concurrently) {
        return operation.inTransaction
          ? danger('concurrently-in-transaction', 'high', table, null, 'none', safe.concurrently(operation.sql))
          : [];
      }
      return isNew(table)
        ? []
        : danger('index-not-concurrent', 'medium', table, 'SHARE', 'index-build', safe.concurrently(operation.sql));
    }
    case 'drop-index': {
      const table = schema.findIndex(effect.name)?.table.name ?? '';
      if (effect.concurrently && operation.inTransaction)
        return danger('concurrently-in-transaction', 'high', table, null, 'none');
      if (effect.concurrently || isNew(table) || isNew(effect.name)) return [];
      return danger('drop-index-not-concurrent', 'low', table, AE, 'none', safe.concurrently(operation.sql));
    }
    case 'set-not-null': {
      if (!effect.notNull || isNew(effect.table) || hasCheck(schema, effect.table, effect.column)) return [];
      return danger('not-null-scan', 'medium', effect.table, AE, 'scan', safe.notNull(effect.table, effect.column));
    }
    case 'add-column': {
      const { table, column } = effect;
      if (isNew(table)) return [];
      if (column.notNull && column.default === null && column.generated === null) {
        return danger('not-null-without-default', 'high', table, AE, 'none', safe.requiredColumn(table, column));
      }
      const rewrites =
        column.generated === 'serial' ||
        column.generated === 'identity' ||
        column.generated === 'stored' ||
        isVolatile(column.default);
      return rewrites
        ? danger('rewriting-default', 'medium', table, AE, 'rewrite', safe.volatileDefault(table, column))
        : [];
    }
    case 'set-type': {
      const from = schema.tables.get(effect.table)?.columns.get(effect.column)?.type;
      if (isNew(effect.table) || from === undefined) return [];
      const work = effect.using === null ? typeChangeWork(from, effect.type) : 'rewrite';
      return work === 'none' ? [] : danger('type-change', 'medium', effect.table, AE, work);
    }
    case 'add-constraint': {
      const { table, constraint } = effect;
      if (isNew(table) || constraint.notValid || constraint.usingIndex !== null) return [];
      if (constraint.kind === 'foreign-key') {
        const isEmpty = addedByOperation(operation, constraint.columns);
        return isEmpty
          ? []
          : danger(
              'constraint-validated',
              'medium',
              table,
              'SHARE ROW EXCLUSIVE',
              'scan',
              safe.notValid(table, constraint),
            );
      }
      if (constraint.kind === 'check')
        return danger('constraint-validated', 'medium', table, AE, 'scan', safe.notValid(table, constraint));
      return danger('unique-built-under-lock', 'medium', table, AE, 'index-build', safe.usingIndex(table, constraint));
    }
    case 'rename-table':
      return isNew(effect.table) ? [] : danger('rename-in-use', 'medium', effect.table, AE, 'none');
    case 'rename-column':
      return isNew(effect.table) ? [] : danger('rename-in-use', 'medium', effect.table, AE, 'none');
    case 'drop-table':
    case 'drop-column':
      return isNew(effect.table) ? [] : danger('drop-in-use', 'medium', effect.table, AE, 'none');
    case 'create-extension':
      return effect.ifNotExists
        ? []
        : danger('extension-may-exist', 'info', '', null, 'none', [
            `CREATE EXTENSION IF NOT EXISTS ${safe.name(effect.name)};`,
          ]);
    default:
      return [];
  }
}

/** A validated CHECK (column IS NOT NULL) lets the scan be skipped (PostgreSQL 12 and later). */
const hasCheck = (schema: Schema, table: string, column: string): boolean =>
  [...(schema.tables.get(table)?.constraints.values() ?? [])].some(
    ({ kind, notValid, columns, sql }) =>
      kind === 'check' && !notValid && columns.includes(column) && /IS NOT NULL/i.test(sql),
  );

/** A foreign key in the very ADD COLUMN that creates its column finds only NULLs. */
const addedByOperation = ({ effects }: Operation, columns: readonly string[]): boolean =>
  effects.some(
    (effect) => effect.kind === 'add-column' && effect.column.default === null && columns.includes(effect.column.name),
  );

/** Functions that give another value for every row, so that ADD COLUMN writes each. */
const isVolatile = (sql: string | null): boolean =>
  sql !== null &&
  /\b(clock_timestamp|gen_random_uuid|uuid_generate_v\d\w*|uuidv[47]|random|nextval|timeofday|statement_timestamp_)\s*\(/i.test(
    sql,
  );

/** The strongest lock that an effect takes on a table in use; null for one that hardly anybody notices. */
export function strongLock(effect: Effect, isNew: (name: string) => boolean): string | null {
  const isStrong =
    STRONG.has(effect.kind) ||
    (effect.kind === 'create-index' && !effect.concurrently) ||
    (effect.kind === 'drop-index' && !effect.concurrently);
  const table = effect.kind === 'create-index' ? effect.index.table : 'table' in effect ? effect.table : null;
  return isStrong && table !== null && !isNew(table) ? table : null;
}

const STRONG: ReadonlySet<Effect['kind']> = new Set([
  'drop-table',
  'rename-table',
  'add-column',
  'drop-column',
  'rename-column',
  'set-type',
  'set-default',
  'set-not-null',
  'add-constraint',
  'drop-constraint',
]);

export const withPlace = (
  { code, severity, ...data }: Danger,
  at: Sight,
  sql: string | null,
): { code: HazardCode; severity: Severity; data: HazardData } => ({
  code,
  severity,
  data: { at, sql, size: null, ...data },
});
