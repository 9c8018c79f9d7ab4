import type { StatementFinding } from '../../../../audit/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../../../units.js';
import type { FindingCatalogue } from '../../audit-texts.js';
import { list, routesOf } from './words.js';

export const statementTexts: FindingCatalogue<StatementFinding> = {
  'slow-statement': {
    title: 'Slow statement',
    says: ({ query, calls, meanMs, maximumMs, share, rowsPerCall, blocksPerCall }) =>
      `${formatCount(calls)} calls took ${formatMs(meanMs)} on average (at most ${formatMs(maximumMs)}): ${formatPercent(share)} of the time of all statements. A call returned ${formatCount(rowsPerCall)} rows and touched ${formatCount(blocksPerCall)} pages. Statement: ${query}`,
    effect: ({ share }) =>
      `Up to ${formatPercent(share)} of the time of all statements. EXPLAIN (ANALYZE, BUFFERS) with real parameters shows where it goes.`,
    doubt: () => 'A report or a batch job may take that long on purpose.',
  },
  'slow-in-log': {
    title: 'Slow statement in the log',
    says: ({ query, calls, meanMs, medianMs, p95Ms, maximumMs, share, routes }) =>
      `${formatCount(calls)} logged executions took ${formatMs(meanMs)} on average (median ${formatMs(medianMs)}, p95 ${formatMs(p95Ms)}, at most ${formatMs(maximumMs)}): ${formatPercent(share)} of the logged time.${routesOf(routes)} Statement: ${query}`,
    effect: ({ share }) =>
      `Up to ${formatPercent(share)} of the logged time. EXPLAIN (ANALYZE, BUFFERS) with the parameters of the log shows where it goes.`,
    doubt: () =>
      'Where only slow statements are logged (log_min_duration_statement), fast executions of the same are missing, and the mean is too high. A report may take that long on purpose.',
  },
  'scanning-statement': {
    title: 'Statement without an index',
    says: ({ query, table, columns, calls, blocksPerCall, tableBlocks, rowsPerCall, rows, meanMs }) =>
      `${formatCount(calls)} calls look for rows of ${table} by ${list(columns)}, which no index begins with. Each touched ${formatCount(blocksPerCall)} pages of a table of ${formatCount(tableBlocks)} (${formatCount(rows)} rows), took ${formatMs(meanMs)} and returned ${rowsPerCall.toFixed(1)} rows. Statement: ${query}`,
    effect: ({ rowsPerCall, table, writes }) =>
      `A call touches a few pages and about ${Math.ceil(rowsPerCall)} rows. The price: each of the writes to ${table} (${formatCount(writes)} so far) maintains one more index.`,
    doubt: ({ columns }) =>
      `The pages are evidence of a scan, no plan was read. Where most rows have the value that is asked for, the index is not used; a partial index may serve better.${columns.length > 1 ? ' The order of the columns is that of the statement: put the one that other statements use as well first.' : ''}`,
  },
  'spilling-statement': {
    title: 'Statement that spills to disk',
    says: ({ query, calls, bytesPerCall, workMem }) =>
      `Each of ${formatCount(calls)} calls wrote ${formatBytes(bytesPerCall)} of temporary files on average; work_mem is ${workMem}. Statement: ${query}`,
    effect: () =>
      'With work_mem above what it needs, for its role or transaction, it stays in memory; an index in the order of the sort avoids it.',
    doubt: () => 'Rare calls with many rows may account for all of it.',
  },
  'dominant-statement': {
    title: 'Statement that takes most of the time',
    says: ({ query, share, totalMs, calls, meanMs }) =>
      `${formatPercent(share)} of the time of all statements: ${formatCount(calls)} calls of ${formatMs(meanMs)}, ${formatMs(totalMs)} in all. Statement: ${query}`,
    effect: ({ share }) => `Twice as fast, or half as often, it gives ${formatPercent(share / 2)} of that time back.`,
    doubt: () => 'On a server that is mostly idle it does not matter.',
  },
  'unbounded-result': {
    title: 'Query without LIMIT that returns thousands of rows',
    says: ({ query, calls, rowsPerCall }) =>
      `Each of ${formatCount(calls)} calls returned ${formatCount(rowsPerCall)} rows on average, without LIMIT. Statement: ${query}`,
    effect: () => 'Pages by key (WHERE key > $1 ORDER BY key LIMIT n), or aggregates in the database, send less.',
    doubt: () => 'An export needs every row.',
  },
  'unstable-statement': {
    title: 'Statement whose time varies',
    says: ({ query, calls, meanMs, deviationMs, maximumMs }) =>
      `${formatCount(calls)} calls took ${formatMs(meanMs)} on average with a standard deviation of ${formatMs(deviationMs)}, at most ${formatMs(maximumMs)}. Statement: ${query}`,
    effect: () => 'Find the slow calls: auto_explain, or log_min_duration_statement with parameters.',
    doubt: () => 'A single call that waited for a lock, or for a cold cache, is enough.',
  },
  'planning-dominates': {
    title: 'Planning takes longer than execution',
    says: ({ query, calls, planningMs, executionMs }) =>
      `${formatCount(calls)} calls were planned for ${formatMs(planningMs)} and executed for ${formatMs(executionMs)} on average. Statement: ${query}`,
    effect: () =>
      'A prepared statement is planned five times, then no more where a generic plan is as good. Fewer joins, partitions or indexes are planned faster.',
    doubt: () =>
      'Under a pooler in transaction mode prepared statements need max_prepared_statements (PgBouncer 1.21).',
  },
  'list-variants': {
    title: 'One statement counted as many',
    says: ({ query, variants, calls }) =>
      `${variants} entries with ${formatCount(calls)} calls differ only in the length of their lists. One of them: ${query}`,
    effect: () =>
      'With = ANY($1) and an array there is one statement, one prepared plan and one entry. (PostgreSQL 18 counts them as one.)',
    doubt: () => 'They cost little where there are few of them.',
  },
  'evicted-statements': {
    title: 'Statistics of statements are incomplete',
    says: ({ evictions, maximum }) =>
      `pg_stat_statements forgot statements ${formatCount(evictions)} times, because more than pg_stat_statements.max (${maximum}) were seen: totals are lower bounds.`,
    effect: () =>
      'A higher maximum (and a restart) keeps all; parameters instead of constants in utility statements, and arrays instead of lists, make them fewer.',
    doubt: () => 'The forgotten statements are those that were called least often.',
  },
};
