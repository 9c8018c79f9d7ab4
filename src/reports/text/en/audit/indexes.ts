import type { IndexFinding, KeepReason } from '../../../../audit/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../../../units.js';
import type { FindingCatalogue } from '../../audit-texts.js';
import { plural } from '../plural.js';
import { date, list } from './words.js';

export const indexTexts: FindingCatalogue<IndexFinding> = {
  'invalid-index': {
    title: 'Invalid index',
    says: ({ index, bytes, unique, leftover }) =>
      leftover
        ? `${index} (${formatBytes(bytes)}) was left by an interrupted REINDEX CONCURRENTLY. Every write maintains it, no query uses it.`
        : `${index} (${formatBytes(bytes)}) is invalid: a concurrent build failed or was interrupted. Every write maintains it, no query uses it${unique ? ', and it does not guarantee that its columns are unique' : ''}.`,
    effect: ({ leftover, bytes }) =>
      leftover
        ? `It frees ${formatBytes(bytes)}, and each write maintains one index fewer.`
        : 'Queries can use the index again.',
    doubt: ({ unique }) =>
      `A build that another session began after the snapshot looks the same until it ends.${unique ? ' REINDEX fails where rows have equal keys; remove the duplicates first.' : ''}`,
  },

  'btree-bloat': {
    title: 'Bloated B-tree',
    says: ({ index, bytes, expectedBytes, ratio, rows }) =>
      `${index} takes ${formatBytes(bytes)}, ${ratio.toFixed(1)} times as much as a fresh build of its ${formatCount(rows)} rows would (about ${formatBytes(expectedBytes)}).`,
    effect: ({ bytes, expectedBytes }) =>
      `It frees about ${formatBytes(bytes - expectedBytes)}, and more of the index fits into the cache.`,
    doubt: () =>
      'It is an estimate from the average width and the distinct values of the columns. An index that fills up again soon gains nothing.',
  },
  'workload-index': {
    title: 'Index that statements lack',
    says: ({ table, columns, predicate, proof, share, statements }) =>
      `${statements.length === 1 ? 'One statement that takes' : `${statements.length} statements that take`} ${formatPercent(share)} of the time of all would use ${predicate === null ? 'an index' : 'a partial index'} on ${table} (${columns.join(', ')})${predicate === null ? '' : ` WHERE ${predicate.sql}, which ${formatPercent(predicate.share)} of the rows meet`}, ${proof === 'hypopg' ? 'which the planner chose when it was hypothetical (HypoPG)' : 'by an estimate of its cost; HypoPG is not installed, so the planner was not asked'}. ${statements.map(({ query, calls, meanMs, costBefore, costAfter }) => `${formatCount(calls)} calls of ${formatMs(meanMs)}, cost ${formatCount(costBefore)} → ${formatCount(costAfter)}: ${query}`).join('; ')}`,
    effect: ({ statements, writes, bytes, table }) =>
      `Their costs fall to ${formatPercent(Math.max(...statements.map(({ costBefore, costAfter }) => costAfter / costBefore)))} or less. The price: ${bytes === null ? '' : `about ${formatBytes(bytes)}, and `}each write to ${table} (${formatCount(writes)} so far) maintains one more index.`,
    doubt: ({ predicate, proof }) =>
      `${
        predicate === null
          ? 'A cost is not a time, and the plan is the one without parameters: for a value that most rows have, the index does not help.'
          : `A cost is not a time, and the share of the rows is that of the last ANALYZE.${predicate.value === null ? '' : ' The texts have no constants: which value is asked for is told by the rows that a call returns on average. A prepared statement uses the index only as long as it is planned with its value (plan_cache_mode).'}`
      }${proof === 'hypopg' ? '' : ' The estimate assumes rows scattered at random, and that the columns of the index are all the conditions.'}`,
  },
  'unindexed-foreign-key': {
    title: 'Foreign key without an index',
    says: ({ constraint, table, columns, parent, rows, parentDeletes, parentUpdates, onDelete }) =>
      `${constraint}: no index of ${table} finds rows by ${list(columns)}. Each DELETE from ${parent}, and each UPDATE of its key, scans all ${formatCount(rows)} rows of ${table}${onDelete === 'no action' || onDelete === 'restrict' ? '' : ` (ON DELETE ${onDelete.toUpperCase()})`}. Since the statistics were reset ${parent} had ${plural(parentDeletes, { one: 'delete', other: 'deletes' })} and ${plural(parentUpdates, { one: 'update', other: 'updates' })}.`,
    effect: ({ rows, parent }) =>
      `A delete from ${parent} looks up its rows instead of reading ${formatCount(rows)}; joins along the key can use the index as well.`,
    doubt: ({ parent }) =>
      `Where rows of ${parent} are never deleted, their keys never change, and nothing joins along the key, the index only costs writes.`,
  },

  'duplicate-index': {
    title: 'Duplicate index',
    says: ({ index, kept, bytes, writes }) =>
      `${index} (${formatBytes(bytes)}) holds the same entries as ${kept}, in the same order and with the same options. ${plural(writes, { one: 'write has', other: 'writes have' })} maintained both since the statistics were reset.`,
    effect: ({ bytes, kept }) =>
      `It frees ${formatBytes(bytes)}, and each write maintains one index fewer. ${kept} serves the queries.`,
    doubt: ({ index }) =>
      `Something outside the database may name ${index}: a migration that drops it, a pg_hint_plan hint, ON CONFLICT ON CONSTRAINT.`,
  },

  'redundant-index': {
    title: 'Redundant index',
    says: ({ index, wider, bytes, widerBytes, scans }) =>
      `The keys of ${index} (${formatBytes(bytes)}, ${plural(scans, { one: 'scan', other: 'scans' })}) are the beginning of those of ${wider} (${formatBytes(widerBytes)}), which serves the same queries.`,
    effect: ({ bytes }) => `It frees ${formatBytes(bytes)}, and each write maintains one index fewer.`,
    doubt: ({ wider, bytes, widerBytes }) =>
      `A scan of ${wider} reads more pages (${formatBytes(widerBytes)} against ${formatBytes(bytes)}); queries that read many entries, or order by what follows the common keys, may become slower.`,
  },

  'unused-index': {
    title: 'Unused index',
    says: ({ index, bytes, writes, since, windowDays, shortestWindowDays }) =>
      `No query has scanned ${index} (${formatBytes(bytes)}) since ${date(since)} (${days(windowDays)}), while ${plural(writes, { one: 'write', other: 'writes' })} to its table maintained it. It enforces no constraint, supports no foreign key, and is no replica identity.${
        windowDays < shortestWindowDays
          ? ` That is less than ${shortestWindowDays} days: look again later, before you drop anything.`
          : ''
      }`,
    effect: ({ bytes }) => `It frees ${formatBytes(bytes)}, and each write maintains one index fewer.`,
    doubt: ({ method }) =>
      `Scans on standbys are counted there, not here. A job that runs less often than this window is long (end of quarter) was not seen.${method === 'hnsw' || method === 'ivfflat' ? ' An index on vectors is not used by a statement with another operator or shape: mend the statement, then look again.' : ''}`,
  },

  'needed-though-unused': {
    title: 'Never scanned, but needed',
    says: ({ index, bytes, reasons, since }) =>
      `${index} (${formatBytes(bytes)}) was not scanned since ${date(since)}, but do not drop it: it ${list(reasons.map((reason) => KEEP[reason]))}.`,
    effect: () => 'None: it is listed because other tools call it unused.',
    doubt: () => 'Where the constraint or key itself is not needed any more, neither is the index.',
  },

  'rarely-used-index': {
    title: 'Rarely used index',
    says: ({ index, scans, writes, bytes, since }) =>
      `${index} (${formatBytes(bytes)}) was scanned ${plural(scans, { one: 'time', other: 'times' })} since ${date(since)} and written ${plural(writes, { one: 'time', other: 'times' })}.`,
    effect: () => 'Find the statement that uses it. Where it is a report, it may be cheaper without the index.',
    doubt: () => 'A single scan may be the one that matters, such as a nightly job that would take hours without it.',
  },

  'index-variants': {
    title: 'The same index with other options',
    says: ({ variants }) =>
      `These hold the same entries with different options: ${list(
        variants.map(
          ({ index, options, scans, bytes }) =>
            `${index} (${options.length === 0 ? 'defaults' : options.join(', ')}; ${formatBytes(bytes)}, ${plural(scans, { one: 'scan', other: 'scans' })})`,
        ),
      )}.`,
    effect: () =>
      'Keep the one that the planner uses and that reaches the recall you need (pgvtune recall), then drop the other.',
    doubt: () => 'They may be there on purpose, for a comparison or while one replaces the other.',
  },

  'mostly-null-index': {
    title: 'Index whose entries are mostly null',
    says: ({ index, column, nullFraction, bytes }) =>
      `${formatPercent(nullFraction)} of the rows have no ${column}, and ${index} (${formatBytes(bytes)}) has an entry for each of them.`,
    effect: ({ bytes, nullFraction, index }) =>
      `A partial index takes about ${formatBytes(bytes * (1 - nullFraction))} and is not written for rows without a value. Then drop ${index}.`,
    doubt: ({ column }) => `Queries for rows where ${column} IS NULL, or in its order, need the whole index.`,
  },

  'sequential-scans': {
    title: 'Large table read from end to end',
    says: ({ table, rows, scans, rowsPerScan, indexScans, since }) =>
      `${table} (${formatCount(rows)} rows) was read sequentially ${plural(scans, { one: 'time', other: 'times' })} since ${date(since)}, ${formatCount(rowsPerScan)} rows a scan; by index ${plural(indexScans, { one: 'time', other: 'times' })}.`,
    effect: () => 'The statements that scan it are in slow_queries_report.md, where pg_stat_statements is installed.',
    doubt: () =>
      'Backups (pg_dump), CREATE INDEX, ANALYZE-like reports and exact vector searches read the whole table, and no index changes that.',
  },

  'many-indexes': {
    title: 'Many indexes on an updated table',
    says: ({ table, indexes, updates, hotUpdates, neverScanned, since }) =>
      `${table} has ${indexes} indexes, and only ${formatCount(hotUpdates)} of ${formatCount(updates)} updates since ${date(since)} were heap-only: every other one wrote to all of them.${neverScanned.length === 0 ? '' : ` Never scanned: ${list(neverScanned)}.`}`,
    effect: () => 'Fewer indexes, or a lower fillfactor where no indexed column changes, make updates cheaper.',
    doubt: () => 'Where updates change indexed columns and every index is used, this is their price.',
  },
};

const KEEP: Readonly<Record<KeepReason, string>> = {
  'primary-key': 'is the primary key',
  unique: 'keeps its columns unique',
  exclusion: 'enforces an exclusion constraint',
  constraint: 'belongs to a unique constraint',
  referenced: 'is what foreign keys refer to',
  'replica-identity': 'is the replica identity of logical replication',
  'cluster-order': 'is the order in which CLUSTER sorts the table',
  'foreign-key': 'is the only index that supports a foreign key',
  partition: 'is part of the index of a partitioned table',
  'expression-statistics': 'gives the planner statistics of its expression',
};

const days = (count: number): string =>
  count < 1 ? 'less than a day' : plural(Math.floor(count), { one: 'day', other: 'days' });
