import type { Hazard, HazardCode, Lock, TableToLock, Work } from '../../../migrations/index.js';
import { plural } from '../../text/en/plural.js';
import { code } from '../../text/markdown.js';
import { formatBytes, formatSpan } from '../../../units.js';

const LOCKS: Readonly<Record<Lock, string>> = {
  'ACCESS EXCLUSIVE': 'reads and writes wait',
  'SHARE ROW EXCLUSIVE': 'writes wait on both tables',
  SHARE: 'writes wait',
  'SHARE UPDATE EXCLUSIVE': 'only schema changes wait',
};

const WORK: Readonly<Record<Work, string>> = {
  none: '',
  scan: 'while the whole table is read',
  'index-build': 'while the index is built',
  rewrite: 'while the table and all its indexes, vector indexes included, are written anew',
};

const TEXTS: Readonly<Record<HazardCode, (table: string) => string>> = {
  'index-not-concurrent': (table) => `An index of ${table} is built in the transaction.`,
  'concurrently-in-transaction': (table) =>
    `CONCURRENTLY on ${table} inside a transaction: the statement fails. Run it outside (Alembic: \`with op.get_context().autocommit_block():\`).`,
  'drop-index-not-concurrent': (table) =>
    `An index of ${table} is dropped; the lock is short, but waits behind every running query, and all others behind it.`,
  'not-null-scan': (table) => `SET NOT NULL on ${table}.`,
  'not-null-without-default': (table) =>
    `A column of ${table} is added as NOT NULL without a default: it fails as soon as the table has a row.`,
  'type-change': (table) => `A column of ${table} changes its type.`,
  'constraint-validated': (table) => `A constraint of ${table} is added and checked at once.`,
  'unique-built-under-lock': (table) => `A key of ${table} is added, and its index built under the strongest lock.`,
  'rewriting-default': (table) =>
    `A column of ${table} is added whose value differs by row (volatile default, serial, identity or stored expression).`,
  'rename-in-use': (table) =>
    `A name of ${table} changes: programs that run with the old one fail until they are replaced. Add the new name beside the old one (a view, or a second column), deploy, then drop the old one.`,
  'drop-in-use': (table) =>
    `Data of ${table} is dropped: programs that still read it fail, and only a backup brings it back.`,
  'no-lock-timeout': (table) =>
    `Strong locks on ${table} without lock_timeout: behind one long query the migration waits, and everything else behind the migration.`,
  'rows-with-locks': (table) => `Rows of ${table} are changed in a transaction that holds strong locks.`,
  'enum-value-in-transaction': (table) =>
    `A value that was added to ${table} is used in the same transaction: PostgreSQL refuses it (unsafe use of new value). Use two revisions.`,
  'several-strong-locks': (table) =>
    `One transaction locks several tables (${table}), which can deadlock with programs that lock them in another order.`,
  'extension-may-exist': () => 'CREATE EXTENSION without IF NOT EXISTS fails where a superuser has created it already.',
};

/** What a hazard is, in one paragraph. */
export function hazardText({ code: kind, data: { table, lock, work, size } }: Hazard): string {
  const parts = [
    TEXTS[kind](code(table)),
    ...(lock === null || kind === 'no-lock-timeout'
      ? []
      : [`Lock ${lock}: ${LOCKS[lock]}${work === 'none' ? '' : `, ${WORK[work]}`}.`]),
    ...(size === null ? [] : [sizeText(size, kind === 'rows-with-locks')]),
  ];
  return parts.join(' ');
}

/** @param isBound the work may be less than that */
function sizeText({ from, rows, bytes, seconds, heldSeconds }: TableToLock, isBound: boolean): string {
  const table = `${plural(rows, { one: 'row', other: 'rows' })}, ${formatBytes(bytes)}`;
  const time = seconds === null ? '' : `: ${isBound ? 'at most about' : 'about'} ${formatSpan(seconds)}`;
  const held =
    heldSeconds === null
      ? ''
      : ` The lock lasts until the transaction ends, with the work that follows in it ${formatSpan(heldSeconds)}.`;
  return `${from === 'server' ? `The live table has ${table}` : `With ${table}`}${time}.${held}`;
}
