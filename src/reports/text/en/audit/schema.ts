import type { DiscouragedType, SchemaFinding } from '../../../../audit/index.js';
import { formatBytes, formatCount, formatPercent } from '../../../../units.js';
import type { FindingCatalogue } from '../../audit-texts.js';
import { plural } from '../plural.js';
import { list } from './words.js';

export const schemaTexts: FindingCatalogue<SchemaFinding> = {
  'no-primary-key': {
    title: 'No primary key',
    says: ({ table, rows, candidate }) =>
      `${table} (${plural(rows, { one: 'row', other: 'rows' })}) has no primary key${candidate === null ? ': nothing identifies its rows, and logical replication cannot update or delete them' : `, but ${candidate} is unique and its columns are not null`}.`,
    effect: () => 'Each row can be named; logical replication, ORMs and upserts work.',
    doubt: () => 'A table that is only appended to and read as a whole (a log, a staging table) needs none.',
  },
  'sequence-exhaustion': {
    title: 'Sequence near its end',
    says: ({ sequence, lastValue, limit, share, column }) =>
      `${sequence} is at ${formatCount(lastValue)} of ${formatCount(limit)} (${formatPercent(share, 0)})${column === null ? '' : `, the largest value that ${column} can hold`}. At the end every insert fails.`,
    effect: () =>
      'The sequence has room for 9.2 × 10¹⁸ values. Foreign keys that refer to the column have to be widened as well.',
    doubt: () =>
      'How long it lasts depends on how fast it grows; compare two audits. On a large table prefer a new bigint column that is filled in batches to a rewrite.',
  },
  'foreign-key-type-mismatch': {
    title: 'Foreign key of another type',
    says: ({ constraint, column, type, referenced, referencedType }) =>
      `${constraint}: ${column} is ${type}, but ${referenced}, which it refers to, is ${referencedType}.`,
    effect: () => 'Joins compare equal types, and each index can serve them.',
    doubt: () => 'Types that PostgreSQL compares without a conversion (varchar and text) cost little.',
  },
  'narrow-foreign-key': {
    title: 'Foreign key narrower than its target',
    says: ({ constraint, column, type, referenced, referencedType }) =>
      `${constraint}: ${column} is ${type}, but ${referenced} is ${referencedType}. Rows whose keys pass the range of ${type} cannot be referred to.`,
    effect: ({ referencedType }) => `Every value of ${referencedType} can be referred to.`,
    doubt: () => 'Where the keys never pass that range, nothing fails; the change rewrites the table.',
  },
  'unvalidated-constraint': {
    title: 'Constraint that was never validated',
    says: ({ constraint, table, definition }) =>
      `${constraint} of ${table} (${definition}) holds for new rows only; nobody checked the old ones.`,
    effect: () => 'Every row obeys it, and the planner may rely on it.',
    doubt: () => 'VALIDATE fails where old rows break the rule; find and mend them first.',
  },
  'duplicate-foreign-key': {
    title: 'Duplicate foreign key',
    says: ({ constraint, kept, definition }) => `${constraint} is the same rule as ${kept}: ${definition}.`,
    effect: () => 'Each write checks the rule once.',
    doubt: () => 'A migration or an ORM may name the constraint.',
  },
  'timestamp-without-time-zone': {
    title: 'Timestamps without a time zone',
    says: ({ table, columns }) =>
      `${list(columns)} of ${table} ${columns.length === 1 ? 'is' : 'are'} timestamp without time zone: the moment depends on the time zone of whoever wrote the value.`,
    effect: () =>
      'timestamptz names a moment. The change rewrites the table unless TimeZone is UTC, and rebuilds its indexes.',
    doubt: () => 'Local times on purpose (opening hours), or an application that writes only UTC, are fine.',
  },
  'discouraged-type': {
    title: 'Type that has a better one',
    says: ({ table, columns }) =>
      `${table}: ${list(columns.map(({ column, typeName, type }) => `${column} is ${type} (${BETTER[typeName]})`))}.`,
    effect: () => 'Comparisons, indexes and rounding behave as expected.',
    doubt: () => 'json keeps the text as it was written, which some applications need.',
  },
  'large-toast': {
    title: 'Large values compressed with pglz',
    says: ({ table, toastBytes, heapBytes }) =>
      `${formatBytes(toastBytes)} of ${table} are large values (TOAST), ${formatBytes(heapBytes)} are rows, and new values are compressed with pglz.`,
    effect: () =>
      'lz4 (default_toast_compression, PostgreSQL 14 and later) compresses several times faster. Old values keep their method until they are written again.',
    doubt: () => 'Values that do not compress (images, encrypted data) gain nothing.',
  },
  'unlogged-table': {
    title: 'Unlogged table',
    says: ({ table, rows, bytes }) =>
      `${table} (${plural(rows, { one: 'row', other: 'rows' })}, ${formatBytes(bytes)}) is not written to WAL: a crash empties it, and no standby has it.`,
    effect: () => 'Its rows survive a crash and reach the standbys.',
    doubt: () => 'It may be a cache or a staging table, which is what unlogged tables are for.',
  },
};

const BETTER: Readonly<Record<DiscouragedType, string>> = {
  json: 'jsonb can be compared and indexed',
  bpchar: 'text, or varchar(n), does not pad with blanks',
  money: 'numeric does not depend on a locale',
};
