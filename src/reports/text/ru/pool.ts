import type { BusyBackends, ProcessPool } from '../../../capacity/index.js';
import { russian as figures } from '../audit-figures.js';
import type { PoolTexts } from '../pool-texts.js';
import { calls as callsOf, count } from './audit/words.js';

const decimals = (value: number): string => Number(value.toPrecision(3)).toString().replace('.', ',');

const SOURCES: Readonly<Record<BusyBackends['source'], string>> = {
  pg_stat_database: 'pg_stat_database.active_time',
  pg_stat_statements: 'время выполнения в pg_stat_statements',
  samples: 'только по снимкам pg_stat_activity',
};

const LEAK_ADVICE =
  'Пишите SET LOCAL или set_config(name, value, true) внутри транзакции либо ALTER ROLE … SET; tune печатает такие запросы.';

const KINDS = { web: 'веб-процесс', worker: 'фоновый процесс' };

const poolText = (kind: 'web' | 'worker', { processes, perProcess, deadlockFloor }: ProcessPool): string =>
  `${KINDS[kind]}: по ${count(perProcess, 'соединению', 'соединения', 'соединений')}, процессов: ${figures.count(processes)} (меньше ${deadlockFloor} — возможна взаимоблокировка)`;

export const pool: PoolTexts = {
  backends: ({ backends, load, waitingShare }, growth) =>
    `Нужно серверных процессов: ${figures.count(backends)}, при средней загрузке ${decimals(load)} занятых${growth === 1 ? '' : ` (в ${decimals(growth)} раза больше увиденного)`}; свободного процесса ждут ${figures.percent(waitingShare)} запросов.`,
  pools: (pools, { poolConnections, maxConnections }, server) => {
    const change =
      maxConnections > server.maxConnections
        ? `поднимите max_connections с ${server.maxConnections} до ${maxConnections} (с перезапуском)`
        : `max_connections = ${server.maxConnections} достаточно (хватило бы ${maxConnections})`;
    return `Пулы: ${pools.map(([kind, one]) => poolText(kind, one)).join('; ')}; всего ${count(poolConnections, 'соединение', 'соединения', 'соединений')}; ${change}.`;
  },
  beyondCores: ({ needed, useful, cores }) =>
    `Такая нагрузка требует серверных процессов: ${needed}, а ядра (${figures.count(cores)}) хорошо обслужат не больше ${useful}: остальные лишь ждали бы друг друга. Удешевите запросы, добавьте ядра или реплику.`,
  needsPooler: (poolConnections) =>
    `Пулы всех процессов вместе держат ${count(poolConnections, 'соединение', 'соединения', 'соединений')}, более чем вдвое больше того, что пригодится серверу: поставьте перед ним PgBouncer в режиме transaction.`,
  seen: ({ mean, source, peak, looks, statementsPerSecond, statementMs, ...busy }) => [
    `Увидено за ${figures.ms(1000 * busy.seconds)}:`,
    `  занято процессов       ${mean === null ? 'неизвестно' : `в среднем ${decimals(mean)}`} (${SOURCES[source]}), не больше ${peak}, снимков: ${looks}`,
    `  частота                транзакций в секунду: ${decimals(busy.transactionsPerSecond)}${statementsPerSecond === null || statementMs === null ? '' : `, запросов: ${decimals(statementsPerSecond)}, по ${figures.ms(statementMs)}`}`,
    `  простой в транзакции   в среднем ${decimals(busy.idleInTransaction)}: такой процесс занят и ничего не делает`,
    `  соединения             не больше ${busy.connections}; ждут блокировки: ${decimals(busy.waitingForLock)}`,
  ],
  pooled: 'Пулер делит серверные процессы между сессиями (режим transaction).',
  onlyOwnSessions: 'Роль видит только свои сессии: члену pg_read_all_stats видны все.',
  settings: {
    nodePostgres: 'node-postgres (веб):',
    sqlAlchemy: 'SQLAlchemy (веб):',
    workers: 'SQLAlchemy (фоновые процессы, отдельный engine):',
    pgBouncer: 'PgBouncer (раздел [pgbouncer]):',
    postgres: 'PostgreSQL (затем перезапуск):',
  },
  leaking: (sets, pooled) => {
    const names = sets.map(({ name, calls }) => `SET ${name} (${callsOf(calls)})`).join(', ');
    return pooled
      ? `Внимание: ${names} без LOCAL за пулером в режиме transaction: значение достанется следующему, кто получит процесс. ${LEAK_ADVICE}`
      : `Внимание: ${names} без LOCAL: в режиме transaction или в пуле, который не сбрасывает сессии, значение достанется следующему, кто получит соединение. ${LEAK_ADVICE}`;
  },
  leaksNotChecked: `Не проверено, так как нет pg_stat_statements: не переходит ли SET hnsw.* от сессии к сессии в пуле. ${LEAK_ADVICE}`,
};
