import { SEVERITIES } from '../../../../findings.js';
import { formatBytes, formatCount, formatPercent } from '../../../../units.js';
import { english } from '../../audit-figures.js';
import type { AuditFrame } from '../../audit-frame.js';
import { pool } from '../pool.js';
import { plural } from '../plural.js';
import { date, list } from './words.js';

export const frame: AuditFrame = {
  figures: english,
  severity: { high: 'high', medium: 'medium', low: 'low', info: 'info' },
  confidence: { high: 'high', medium: 'medium', low: 'low' },
  lock: ({ mode, held }) =>
    mode === 'none' ? 'none' : `${mode}, held ${held}${BLOCKS[mode] === undefined ? '' : ` (${BLOCKS[mode]})`}`,
  window: (basis, { from, until }) =>
    ({
      catalog: `the catalog at ${moment(until)}`,
      counters: `counters from ${from === null ? 'an unknown time' : moment(from)} to ${moment(until)}`,
      estimates: `statistics of the last ANALYZE, read at ${moment(until)}`,
      statements: `pg_stat_statements from ${from === null ? 'an unknown time' : moment(from)} to ${moment(until)}`,
      log: `the server's log from ${from === null ? 'an unknown time' : moment(from)} to ${moment(until)}`,
      measurement: `a measurement at ${moment(until)}`,
      activity: `sessions at ${moment(until)}`,
    })[basis],
  documents: {
    performance_audit: {
      title: 'Performance audit',
      intro: 'What to do first, and how this server is configured and maintained.',
    },
    index_strategy: {
      title: 'Index strategy',
      intro:
        'Indexes that are invalid, missing, duplicate, redundant or unused, and those that must stay although nothing scans them.',
    },
    schema_design: {
      title: 'Schema design',
      intro: 'Keys, types, constraints and sequences.',
    },
    slow_queries_report: {
      title: 'Slow queries',
      intro:
        'Statements by what they cost, from pg_stat_statements and, where one was given (--log), the log of the server. Their texts have no constants.',
    },
    n1_queries_fixes: {
      title: 'N+1 queries',
      intro:
        'Statements that are sent once for each row of another one, as the database sees it: calls of the second equal rows of the first, along a foreign key. Counters of a known window (pgvtune audit snapshot) are better evidence than those of a lifetime.',
    },
    pool: {
      title: 'Connection pool',
      intro:
        'How many connections the load of this window needs, for one web process with 10 requests at once. A mean over days hides the busy hour: pgvtune pool --for 5min, at that hour and with the processes you run, says more.',
    },
    monitoring_setup: {
      title: 'Monitoring setup',
      intro:
        'What this server records of itself, and what it does not. pgvtune metrics serves it for Prometheus. Alert rules, a Grafana dashboard, a compose file and counters of the queries of a request for node-postgres, Prisma and SQLAlchemy are in docs/recipes/ of the package; docs/monitoring.md explains them.',
    },
    vector_optimization: {
      title: 'Vector optimization',
      intro:
        'The columns and indexes of pgvector, from catalog and counters. What an index loses in recall only a measurement shows: pgvtune recall measures an existing index on its table, read-only, and pgvtune tune finds the cheapest that reaches a target; --measure does both for each index.',
    },
  },
  words: {
    severity: 'Severity',
    finding: 'Finding',
    object: 'Object',
    effect: 'Expected effect',
    doubt: 'How this could be wrong',
    window: 'Rests on',
    confidence: 'Confidence',
    lock: 'Lock',
    evidence: 'Evidence',
    remedy: 'Remedy',
    rollback: 'Rollback',
    nothingToUndo: 'Nothing to undo: the remedy takes nothing away.',
    noRemedy: 'No statement can decide this.',
    topActions: 'Top actions',
    findingsBySeverity: 'Findings by severity',
    findings: 'Findings',
    documents: 'Documents',
    notChecked: 'Not checked',
    checks: 'Checks',
    reason: 'Reason',
    noFindings: 'No findings.',
    allChecked: 'Every check could be made.',
    statements: 'Statements by total time',
    statementColumns: {
      share: 'Share',
      total: 'Total',
      calls: 'Calls',
      mean: 'Mean',
      deviation: 'Std. dev.',
      maximum: 'Max.',
      rows: 'Rows a call',
      pages: 'Pages a call',
      temporary: 'Temp. pages a call',
      wal: 'WAL a call',
      statement: 'Statement',
    },
    sampledVectors: 'Sampled vectors',
    sampledColumns: {
      column: 'Column',
      rows: 'Rows read',
      zero: 'Length 0 [95 %]',
      notUnit: 'Length not 1',
      lengths: 'Lengths',
      sharing: 'Rows a vector [95 %]',
    },
    measuredIndexes: 'Measured recall',
    measuredColumns: {
      index: 'Index',
      recall: 'Recall@10 [95 %]',
      queries: 'Queries',
      median: 'Median',
      settings: 'Settings',
    },
    tunedIndexes: 'Tuned on samples',
    tunedColumns: {
      index: 'Index',
      today: 'today',
      recommended: 'recommended',
      sample: 'Rows',
      recall: 'Recall@10 [95 %]',
      p95: 'p95',
      pages: 'Pages a search',
      size: 'Size',
    },
    plans: 'Plans of the statements that took most time',
    planned: {
      'without row locks': 'Planned without its row locks, so that nothing is locked.',
      'rows to write':
        'Planned as the SELECT that finds its rows, so that nothing is locked. The cost of writing them is in no plan: index entries, foreign keys, triggers.',
    },
    rewrite: 'Write instead',
    otherRows: 'It may return other rows.',
    loggedStatements: 'Statements in the log',
    loggedColumns: {
      share: 'Share',
      total: 'Total',
      calls: 'Calls',
      mean: 'Mean',
      median: 'Median',
      p95: 'p95',
      maximum: 'Max.',
      routes: 'Routes',
      statement: 'Statement',
    },
    state: 'The server today',
    subject: 'Subject',
    figures: 'Figures',
    subjects: {
      memory: 'Memory',
      cache: 'Cache',
      checkpoints: 'Checkpoints',
      autovacuum: 'Autovacuum',
      bloat: 'Dead rows',
      locks: 'Locks',
      connections: 'Connections',
      wraparound: 'Wraparound',
      replication: 'Replication',
    },
    unjudged: 'Indexes whose bloat is not judged',
    unjudgedWhy:
      'How many pages a fresh build of these has depends on their values and the order of the writes, so no formula tells bloat from growth. The extension pgstattuple shows the free space of a GiST or hash index (it reads all of it) and the pending list of a GIN index. What a rebuild would free, only a rebuild of a copy shows. BRIN indexes are too small to be worth one.',
    unjudgedColumns: { index: 'Index', method: 'Method', size: 'Size', look: 'With pgstattuple' },
    fixes: 'How to load them at once',
    settings: 'Settings today',
    setting: 'Setting',
    value: 'Value',
  },
  subject: ({ database, label, version, role, takenAt, statisticsResetAt, startedAt }) =>
    `Database ${database} on ${label} (PostgreSQL ${version}), read at ${moment(takenAt)} as role ${role}. Its counters count ${
      statisticsResetAt === null
        ? `at least since the server started at ${moment(startedAt)}: nobody reset them`
        : `since they were reset at ${moment(statisticsResetAt)}`
    }.`,
  sampled: (leftOut) =>
    `About 1,000 rows of each column, picked at random from at most about 1,000 pages, or all where there are fewer; rows without a vector are not among them.${leftOut === 0 ? '' : ` ${plural(leftOut, { one: 'column of a smaller table was', other: 'columns of smaller tables were' })} left out.`}`,
  outcome: {
    measured: 'measured',
    'no-index-used': 'the planner does not use it',
    void: 'void: the server was started again',
    refused: 'could not be measured: too few vectors, or a statement took too long',
  },
  tuned: (tuned) => {
    const runs = tuned.flatMap(({ run }) => run ?? []);
    const { targetRecall } = tuned[0]!;
    return `Each index was tuned for a recall of ${targetRecall} on a random sample of its table, on a server of its own; today's definition and settings and the recommended ones were measured there side by side. Times are those of that server.${runs.length === 0 ? '' : ` All figures: ${list(runs.map((run) => `results/${run}`))}.`}`;
  },
  notTuned: {
    'exact-scan': 'the sample is so small that a scan of all rows serves it as well',
    'not-reached': 'nothing that was tried reached the recall',
    refused: 'could not be tuned: too few vectors, an expression that is re-ranked, sparse vectors, or a server failed',
    'out-of-time': 'no time was left (--budget)',
  },
  sample: ({ rows, tableRows }) =>
    tableRows === null ? formatCount(rows) : `${formatCount(rows)} of ${formatCount(Math.max(rows, tableRows))}`,
  pool,
  stateSince: (iso) => `Counters since ${moment(iso)}; the rest at the moment of the audit.`,
  state: {
    memory: ({ sumBytes, memoryBytes, ...demand }) =>
      `up to ${formatBytes(sumBytes)} of ${memoryBytes === null ? 'a machine that cannot be examined from here' : formatBytes(memoryBytes)}: shared_buffers ${formatBytes(demand.sharedBuffersBytes)} + maintenance_work_mem ${formatBytes(demand.maintenanceWorkMemBytes)} + autovacuum ${demand.autovacuumWorkers} × ${formatBytes(demand.autovacuumWorkerBytes)} + work_mem ${demand.maxConnections} × ${formatBytes(demand.workMemBytes)}`,
    cache: ({ hitShare, blocksRead, sharedBuffersBytes }) =>
      hitShare === null
        ? 'no page was asked for'
        : `${formatPercent(hitShare)} of the pages were in shared_buffers (${formatBytes(sharedBuffersBytes)}); ${formatCount(blocksRead)} pages were read`,
    checkpoints: ({ timed, requested, maxWalSize }) =>
      `${formatCount(timed)} on time, ${formatCount(requested)} requested; max_wal_size ${maxWalSize}`,
    autovacuum: ({ isOn, due, tables }) =>
      `${isOn ? 'on' : 'off'}; ${formatCount(due)} of ${formatCount(tables)} tables have more dead rows than their threshold`,
    bloat: ({ deadRows, liveRows, worst }) =>
      `${formatCount(deadRows)} dead beside ${formatCount(liveRows)} live${worst === null ? '' : `; most in ${worst.table} (${formatCount(worst.deadRows)})`}`,
    locks: (data) =>
      data === null
        ? 'the role may not see what other sessions do'
        : `${formatCount(data.waiting)} sessions wait; VACUUM is held back by ${data.oldest === null ? 'nothing' : `${HOLDERS[data.oldest.kind]} ${data.oldest.name} (${formatCount(data.oldest.xidAge)} transactions)`}`,
    connections: ({ connections, most, idleInTransaction }) =>
      `${formatCount(connections)} of max_connections ${formatCount(most)}${idleInTransaction === null ? '' : `; ${formatCount(idleInTransaction)} idle in transaction`}`,
    wraparound: ({ database, xidAge, share }) =>
      `${formatPercent(share)} of the age at which the server stops writing (${database}: ${formatCount(xidAge)} transactions)`,
    replication: ({ standbys, mostLagBytes, slots, retainedBytes }) =>
      `${standbys === null ? 'standbys are hidden from the role' : `standbys: ${formatCount(standbys)}${standbys === 0 ? '' : `, at most ${formatBytes(mostLagBytes)} behind`}`}; slots: ${formatCount(slots)}${slots === 0 ? '' : `, which keep ${formatBytes(retainedBytes)} of WAL`}`,
  },
  planned: ({ refused }) =>
    `Planned without parameters (a generic plan); nothing was executed.${refused === 0 ? '' : ` ${formatCount(refused)} more could not be planned: the role may not read their tables, or they need their parameters.`}`,
  cost: (cost) => `cost ${formatCount(cost)}`,
  planCauses: {
    scan: ({ table, rows, kept }) =>
      `It reads all ${formatCount(rows)} rows of ${table} and keeps about ${formatCount(kept)}.`,
    sort: ({ rows }) =>
      `It sorts about ${formatCount(rows)} rows: an index in that order, or fewer rows, would avoid the sort.`,
    'computed-column': ({ table, column, expression }) =>
      `It compares ${expression}, which the index on ${column} does not know. Compare the column itself (a day as a range of moments), or, where the expression is IMMUTABLE, index it: CREATE INDEX CONCURRENTLY ON ${table} ((${expression})).`,
    pattern: ({ table, column, isShown }) =>
      `${isShown ? 'Its LIKE pattern begins with a wildcard' : 'Where its LIKE pattern begins with a wildcard, which this text does not show'}: no B-tree finds such rows. An index of pg_trgm can: CREATE INDEX CONCURRENTLY ON ${table} USING gin (${column} gin_trgm_ops).`,
    offset: ({ rows }) =>
      `OFFSET reads ${rows === null ? 'all rows of the pages before' : `${formatCount(rows)} rows`} and throws them away. For later pages, remember the last key: WHERE (key) > (last key) ORDER BY key LIMIT n (keyset pagination).`,
    'random-order': ({ limited }) =>
      `ORDER BY random() reads and sorts all rows${limited ? ' to return a few' : ''}. TABLESAMPLE or random keys read few, but do not draw all rows with the same chance.`,
    'foreign-key-scan': ({ table, columns, rows }) =>
      `For each row it reads all ${formatCount(rows)} rows of ${table}: a foreign key refers to the row, and no index finds ${list(columns)} (IDX-007 has the index). The plan does not show it.`,
    'indexed-column': ({ table, indexes, updates, hotUpdates, allIndexes }) =>
      `It sets a column of ${list(indexes)}: where the value changes, the row gets a new entry in ${indexesOf(allIndexes, table)}. Only ${formatPercent(hotUpdates / updates)} of ${formatCount(updates)} updates were heap-only (HOT). Drop the indexes that nobody reads, or keep the column in a table of its own.`,
    'full-pages': ({ table, sql, updates, hotUpdates, allIndexes, fillfactor }) =>
      `It sets no column of an index, yet only ${formatPercent(hotUpdates / updates)} of ${formatCount(updates)} updates of ${table} were heap-only (HOT): the others found no room on the page of their row (fillfactor ${fillfactor}, or dead versions that a long transaction keeps), and wrote to ${indexesOf(allIndexes, table)}. A lower fillfactor leaves room on pages that are written from then on: ALTER TABLE ${sql} SET (fillfactor = ${Math.max(50, fillfactor - 15)}).`,
    vector: ({ column, indexes }) =>
      `Each vector that it sets in ${column} is a new entry in ${list(indexes)}, which takes a search of the index, and the old one stays until VACUUM. Where the vector is often the same as before, skip such rows: … AND ${column} IS DISTINCT FROM the new one.`,
    index: ({ index, costAfter }) => `With an index on ${index} it would cost ${formatCount(costAfter)}.`,
  },
  changes: {
    exists: ({ where }) =>
      `It counts rows to learn whether there is one; EXISTS stops at the first.${where.length === 0 ? '' : ` The result is the same where ${list(where.map(({ parameter, value }) => `$${parameter} is ${value}`))}, which this text does not show.`}`,
    'not-exists': ({ column }) =>
      `NOT IN cannot be planned as a join, because a NULL would turn the answer. Neither ${column} nor what the subquery returns can be NULL here (NOT NULL), so NOT EXISTS returns the same rows.`,
    'union-all': ({ branches }) =>
      `OR between conditions of different tables or subqueries keeps indexes out. ${branches} SELECTs can each use their own; IS NOT TRUE leaves out the rows of those before, so every row comes once, as before.`,
    'semi-join': ({ tables }) =>
      `The join with ${list(tables)} repeats rows, and DISTINCT removes them again. No column of ${tables.length === 1 ? 'that table' : 'those tables'} is returned, so EXISTS can ask whether there is a row.`,
    'no-distinct': ({ tables }) =>
      `The output contains a key of ${list(tables)}, so no row is repeated and DISTINCT removes nothing.`,
  },
  saving: ({ costBefore, costAfter }) => `cost ${formatCount(costBefore)} → ${formatCount(costAfter)}`,
  log: ({ files, from, until, executions, notParsed, torn }) =>
    [
      `${list(files)}: ${formatCount(executions)} executions${from === null || until === null ? '' : ` from ${moment(from)} to ${moment(until)}`}.`,
      ...(notParsed > 0 ? [`${formatCount(notParsed)} of them could not be parsed and are in no figure.`] : []),
      ...(torn > 0 ? [`${formatCount(torn)} entries were cut off.`] : []),
    ].join(' '),
  status: ({ findings, unchecked }) =>
    `${list(SEVERITIES.map((severity) => `${severity}: ${findings.filter((finding) => finding.severity === severity).length}`))}; not checked: ${unchecked.length}`,
  managed: (service) =>
    `This is a managed server (${SERVICES[service]}): it gives no superuser, so ALTER SYSTEM is refused. Where a remedy needs it, the way of the service is named beside it.`,
  onService: (service, setting, command) =>
    command === null
      ? `On ${SERVICES[service]}, ${setting} is set by the service alone: ask its support.`
      : `On ${SERVICES[service]}, ALTER SYSTEM is refused. Instead: ${command}${SERVICE_NOTES[service] ?? ''}`,
  script: {
    head: ({ database, label, takenAt }) => [
      `Remedies from the audit of database ${database} on ${label}, ${moment(takenAt)}.`,
      'Run it with: psql -X -v ON_ERROR_STOP=1 -f FILE (never with --single-transaction: CONCURRENTLY refuses it).',
      'Statements that lose nothing are active. All others are commented out: read the evidence, then remove the "--".',
      'It can be run again: what is done already is skipped or done anew.',
    ],
    step: {
      analyze: 'Statistics and vacuum',
      create: 'New indexes',
      validate: 'Constraints to validate',
      rebuild: 'Rebuilds',
      setting: 'Settings (commented out)',
      alter: 'Changes of tables (commented out)',
      drop: 'What can be dropped (commented out)',
    },
    concurrently:
      'No lock_timeout here: while these wait they block no reader or writer, and an interrupted one leaves an invalid index.',
    empty: 'There is nothing to do.',
  },
  unread: {
    'columns-hidden': () =>
      'the role may not read every table, so the statistics of its columns are hidden; membership in pg_read_all_data, or SELECT, would show them',
    'vectors-hidden': () =>
      'the role may not read every column of vectors, or row security hides rows from it; pg_read_all_data, or SELECT, and BYPASSRLS would allow it',
    'vectors-not-sampled': () =>
      'a table with vectors was locked, or reading a few of its rows took longer than two seconds',
    'not-measured': () => 'nothing was measured (--measure)',
    'not-tuned': () => 'nothing was tuned (--measure tune)',
    'no-log': () => 'no log of the server was given (--log)',
    'log-of-slow-statements': () =>
      'the log holds slow statements only; log_min_duration_statement = 0 for a short while, or log_transaction_sample_rate, would show the fast ones that loops are made of',
    'log-without-sessions': () =>
      'the log does not say which session a statement is of; %c or %p in log_line_prefix would',
    'machine-not-visible': () => "the server's machine cannot be examined from here",
    'no-extension': () => 'this database has no pgvector',
    'no-statement-statistics': () => 'pg_stat_statements is not installed in this database',
    'statement-statistics-not-loaded': () => 'pg_stat_statements is not in shared_preload_libraries',
    'statement-statistics-hidden': () =>
      'the role may not use the schema of pg_stat_statements; GRANT USAGE ON SCHEMA would allow it',
    'statements-hidden': () =>
      'the role may not see the statements of others; membership in pg_read_all_stats, or pg_monitor, would show them',
    'sequences-hidden': () =>
      'the role may not read every sequence; membership in pg_read_all_data, or SELECT, would allow it',
    'sessions-hidden': () => 'the role may not see what other sessions do; membership in pg_monitor would allow it',
  },
};

const indexesOf = (number: number, table: string): string =>
  number === 1 ? `the index of ${table}` : `all ${number} indexes of ${table}`;

const HOLDERS = {
  session: 'pid',
  'prepared-transaction': 'the prepared transaction',
  'replication-slot': 'the replication slot',
  standby: 'the standby',
};

const SERVICES = {
  rds: 'Amazon RDS or Aurora',
  'cloud-sql': 'Google Cloud SQL',
  azure: 'Azure Database for PostgreSQL',
  neon: 'Neon',
  supabase: 'Supabase',
};

const SERVICE_NOTES: Partial<Record<keyof typeof SERVICES, string>> = {
  rds: ' (of an Aurora cluster: modify-db-cluster-parameter-group; a default group has to be replaced by one of your own first)',
  'cloud-sql': ' (the list replaces all flags: name those that are set already as well)',
  supabase: ' (SHOW supautils.privileged_role_allowed_configs lists what ALTER ROLE postgres SET does as well)',
};

const BLOCKS: Readonly<Record<string, string>> = {
  SHARE: 'writes wait',
  'SHARE ROW EXCLUSIVE': 'writes wait',
  'ACCESS EXCLUSIVE': 'reads and writes wait',
  'SHARE UPDATE EXCLUSIVE': 'reads and writes go on',
};

/** `2026-11-29 23:05 UTC` */
const moment = (iso: string): string => `${date(iso)} ${iso.slice(11, 16)} UTC`;
