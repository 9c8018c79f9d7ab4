import type { ServerFinding } from '../../../../audit/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../../../units.js';
import type { FindingCatalogue } from '../../audit-texts.js';
import { plural } from '../plural.js';
import { date, list } from './words.js';

export const serverTexts: FindingCatalogue<ServerFinding> = {
  'durability-off': {
    title: 'Data can be lost in a crash',
    says: ({ setting }) => `${setting} is off: a crash of the machine can leave the database damaged beyond repair.`,
    effect: () => 'The database survives a crash of the machine; commits wait for the disk.',
    doubt: () => 'A database that can be built anew at any time (tests, caches) does not need it.',
  },
  wraparound: {
    title: 'Transaction ids are running out',
    says: ({ database, xidAge, multixactAge, share, freezeMaxAge, oldest }) =>
      `The oldest rows of ${database} are ${formatCount(xidAge)} transactions old (multixacts ${formatCount(multixactAge)}): ${formatPercent(share, 0)} of the age at which the server stops to write. autovacuum should have frozen them at ${formatCount(freezeMaxAge)}.${oldest.length === 0 ? '' : ` Oldest: ${list(oldest.map(({ table, xidAge: age }) => `${table} (${formatCount(age)})`))}.`}`,
    effect: () => 'The age goes down. Look for what keeps VACUUM from it first (LCK-003).',
    doubt: () => 'A long VACUUM that is under way brings the age down when it ends.',
  },
  'memory-overcommitted': {
    title: 'More memory promised than there is',
    says: (sum) =>
      `The settings allow ${formatBytes(sum.sumBytes)}; the machine has ${formatBytes(sum.memoryBytes)}: ${list([
        `shared_buffers ${formatBytes(sum.sharedBuffersBytes)}`,
        `one maintenance_work_mem ${formatBytes(sum.maintenanceWorkMemBytes)}`,
        ...(sum.autovacuumWorkers > 0
          ? [
              `${plural(sum.autovacuumWorkers, { one: 'autovacuum worker', other: 'autovacuum workers' })} × ${formatBytes(sum.autovacuumWorkerBytes)}`,
            ]
          : []),
        `${plural(sum.maxConnections, { one: 'connection', other: 'connections' })} × ${formatBytes(sum.workMemBytes)} (work_mem)`,
      ])}.`,
    effect: () =>
      'Lower the largest of them, or put a pooler before the server: it neither swaps nor is killed under load.',
    doubt: () =>
      'This is an estimate of a bad case: a query may take several times work_mem, and most connections take none. Memory of other programs is not counted.',
  },
  'blocked-sessions': {
    title: 'Sessions that wait for a lock',
    says: ({ pid, state, transactionSeconds, query, waiting }) =>
      `${plural(waiting.length, { one: 'session waits', other: 'sessions wait' })} for pid ${pid}${state === null ? '' : ` (${state}${transactionSeconds === null ? '' : `, its transaction began ${formatMs(transactionSeconds * 1000)} ago`})`}: ${waiting
        .map(
          ({ pid: own, depth, seconds, query: text }) =>
            `${'> '.repeat(depth)}pid ${own} for ${formatMs(seconds * 1000)} (${text})`,
        )
        .join('; ')}.${query === null || query === '' ? '' : ` Pid ${pid} ran: ${query}.`}`,
    effect: ({ pid }) =>
      `Let pid ${pid} finish its transaction, or end it: SELECT pg_terminate_backend(${pid}). Short transactions and a lock_timeout keep it from happening again.`,
    doubt: () => 'It is one moment: waits of milliseconds are ordinary.',
  },
  'vacuum-blocked': {
    title: 'VACUUM is kept from removing dead rows',
    says: ({ kind, name, xidAge, seconds, query }) =>
      `${HORIZON[kind]} ${name} holds back VACUUM: ${plural(xidAge, { one: 'transaction has', other: 'transactions have' })} begun since${seconds === null ? '' : `, ${formatMs(seconds * 1000)} ago`}. Rows that died since then stay.${query === '' ? '' : ` Its query: ${query}.`}`,
    effect: ({ kind, name }) => RELEASE[kind](name),
    doubt: () => 'A backup or a report that is under way holds it back on purpose, and ends.',
  },
  'idle-in-transaction': {
    title: 'Open transaction whose client does nothing',
    says: ({ pid, user, application, seconds, query }) =>
      `Pid ${pid} (${list([user, ...(application === '' ? [] : [application])])}) has been idle in a transaction for ${formatMs(seconds * 1000)}. Its last statement: ${query}.`,
    effect: () =>
      'The server ends such transactions after five minutes. Mend the application, which lost sight of one.',
    doubt: () =>
      'An application that waits for a person or another service inside a transaction does so on purpose, at this price.',
  },
  'connections-near-limit': {
    title: 'Few connections left',
    says: ({ connections, limit, idle }) =>
      `${connections} of ${plural(limit, { one: 'connection', other: 'connections' })} for the application are taken; ${idle} of them are idle.`,
    effect: () =>
      'A pooler (PgBouncer) or smaller pools of the application leave room; a higher max_connections costs memory. See pool.md.',
    doubt: () => 'It is one moment: compare it with the peak that your monitoring shows.',
  },
  'autovacuum-off': {
    title: 'autovacuum is off',
    says: ({ table }) =>
      table === null
        ? 'autovacuum is off for the whole server: dead rows stay, statistics grow old, and only emergency vacuums run.'
        : `autovacuum is off for ${table}: its dead rows stay and its statistics grow old.`,
    effect: () => 'Dead rows are removed and statistics renewed by themselves.',
    doubt: () => 'Something else (cron, a service) may run VACUUM and ANALYZE.',
  },
  'autovacuum-behind': {
    title: 'autovacuum does not keep up',
    says: ({ table, deadRows, liveRows, threshold, lastVacuum }) =>
      `${table} has ${formatCount(deadRows)} dead rows beside ${formatCount(liveRows)} live ones; autovacuum should begin at ${formatCount(threshold)}. Last vacuum: ${lastVacuum === null ? 'never' : date(lastVacuum)}.`,
    effect: () =>
      'Scans read fewer pages. If it happens again, lower the scale factor of this table, or raise autovacuum_vacuum_cost_limit.',
    doubt: () =>
      'A vacuum may be under way, or something keeps it from removing rows (LCK-003); then this one removes none either.',
  },
  'slot-retains-wal': {
    title: 'Replication slot that nobody reads',
    says: ({ slot, retainedBytes, limit }) =>
      `Slot ${slot} is inactive and keeps ${formatBytes(retainedBytes)} of WAL${limit === null || limit === '-1' ? ', without a limit: in the end the disk is full' : `; max_slot_wal_keep_size is ${limit}`}.`,
    effect: () => 'The WAL is removed. Whoever used the slot has to be set up anew.',
    doubt: () => 'Its reader may be restarting, or away for a maintenance.',
  },
  'standby-lag': {
    title: 'Standby that is behind',
    says: ({ name, state, lagBytes }) => `Standby ${name} (${state}) has ${formatBytes(lagBytes)} of WAL to replay.`,
    effect: () => 'Look at its disk and network, and for queries on it that conflict with replay.',
    doubt: () => 'It is one moment: a bulk load or an index build makes any standby fall behind for a while.',
  },
  'requested-checkpoints': {
    title: 'Checkpoints before their time',
    says: ({ timed, requested, maxWalSize, since }) =>
      `${formatCount(requested)} checkpoints were requested and ${formatCount(timed)} came by time${since === null ? '' : ` since ${date(since)}`}: WAL fills max_wal_size (${maxWalSize}) too early.`,
    effect: () =>
      'A larger max_wal_size (ALTER SYSTEM SET max_wal_size) makes checkpoints fewer and writes smoother; recovery after a crash takes longer.',
    doubt: () => 'Backups and CREATE DATABASE request checkpoints as well.',
  },
  'never-analyzed': {
    title: 'Table without statistics',
    says: ({ table, rows }) =>
      `${table} (${formatCount(rows)} rows) was never analysed since the counters began: the planner guesses.`,
    effect: () => 'Estimates rest on the data.',
    doubt: () => 'The time of an ANALYZE is lost when statistics are reset; what it found out is not.',
  },
  'cache-misses': {
    title: 'Low cache hit rate',
    says: ({ hitShare, blocksRead, sharedBuffers, since }) =>
      `${formatPercent(hitShare)} of the pages were found in shared_buffers (${sharedBuffers}) since ${date(since)}; ${formatCount(blocksRead)} were read from the operating system or the disk.`,
    effect: () => 'A larger shared_buffers (a quarter of RAM), or fewer sequential scans, lower the reads.',
    doubt: () =>
      'Most of those reads may come from the cache of the operating system. Batch jobs and backups spoil the rate.',
  },
  'temporary-files': {
    title: 'Sorts and hashes on disk',
    says: ({ files, bytes, workMem, since }) =>
      `${formatCount(files)} temporary files (${formatBytes(bytes)}) were written since ${date(since)}; work_mem is ${workMem}.`,
    effect: () =>
      'Raise work_mem for the roles whose queries spill (log_temp_files names them), or give them an index for the order.',
    doubt: () => 'CREATE INDEX writes temporary files as well, which maintenance_work_mem governs.',
  },
  deadlocks: {
    title: 'Deadlocks',
    says: ({ deadlocks, since }) =>
      `${plural(deadlocks, { one: 'transaction was', other: 'transactions were' })} cancelled for a deadlock since ${date(since)}.`,
    effect: () => 'Transactions that lock rows in one order have none. The log names both statements.',
    doubt: () => 'An application that tries again loses little.',
  },
  rollbacks: {
    title: 'Many rollbacks',
    says: ({ commits, rollbacks, since }) =>
      `${formatCount(rollbacks)} of ${formatCount(commits + rollbacks)} transactions were rolled back since ${date(since)}.`,
    effect: () => 'The errors in the log say why.',
    doubt: () => 'Drivers and pools that end every read with ROLLBACK look the same.',
  },
  'random-page-cost': {
    title: 'random_page_cost of a spinning disk',
    says: ({ value, advised }) =>
      `random_page_cost is ${value}: the planner takes random pages for ${value} times as expensive as sequential ones, which holds for spinning disks. On SSDs ${advised} is usual.`,
    effect: () =>
      'The planner uses indexes where they are faster. Plans change: compare slow statements before and after.',
    doubt: () => 'The catalog does not say what disk there is.',
  },
};

const HORIZON = {
  session: 'Session',
  'prepared-transaction': 'Prepared transaction',
  'replication-slot': 'Replication slot',
  standby: 'Standby',
};

const RELEASE: Readonly<Record<keyof typeof HORIZON, (name: string) => string>> = {
  session: (name) => `After it ends (SELECT pg_terminate_backend(${name})) the next VACUUM removes the rows.`,
  'prepared-transaction': () => 'COMMIT PREPARED or ROLLBACK PREPARED ends it; then the next VACUUM removes the rows.',
  'replication-slot': () => 'When its reader goes on, or the slot is dropped, the next VACUUM removes the rows.',
  standby: () =>
    'A query on the standby holds it back by hot_standby_feedback; when it ends, the next VACUUM removes the rows.',
};
