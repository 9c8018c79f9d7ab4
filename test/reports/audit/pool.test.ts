import { expect, it } from 'vitest';
import { type ApplicationShape, busyBackends, poolAdvice } from '../../../src/capacity/index.js';
import { LANGUAGES } from '../../../src/languages.js';
import { auditTextsIn, poolLines, type PoolView } from '../../../src/reports/index.js';
import { englishIn } from '../../support/english-in.js';

/* What the document on pools and `pgvtune pool` say; `vitest -u` accepts another wording. */

const before = { atMs: 0, transactions: 0, activeMs: 0, idleInTransactionMs: 0, resetAt: null };
const busy = busyBackends(
  { ...before, statements: { calls: 0, executionMs: 0 } },
  {
    atMs: 10_000,
    transactions: 12_345,
    activeMs: 65_000,
    idleInTransactionMs: 5000,
    statements: { calls: 30_000, executionMs: 60_000 },
    resetAt: null,
  },
  [{ active: 9, idle: 3, idleInTransaction: 1, waitingForLock: 1 }],
);
const unknown = { ...busy, mean: null, source: 'samples' as const, statementsPerSecond: null, statementMs: null };

const view = (
  shape: Partial<ApplicationShape>,
  more: Partial<PoolView> & { readonly cores: number | null },
): PoolView => {
  const { cores, ...rest } = more;
  const whole = {
    webProcesses: 1,
    workerProcesses: 0,
    tasksPerProcess: 10,
    connectionsPerTask: 1,
    growth: 1,
    ...shape,
  };
  const server = { maxConnections: 20, reservedConnections: 3, cores };
  const advice = poolAdvice(rest.busy ?? busy, whole, server);
  return { busy, shape: whole, server, advice, pooled: false, leakingSets: [], seesEverybody: true, ...rest };
};

const VIEWS: readonly PoolView[] = [
  view({}, { cores: null }),
  view(
    { workerProcesses: 2, connectionsPerTask: 3, growth: 2.5 },
    { cores: 2, leakingSets: null, seesEverybody: false },
  ),
  view({}, { cores: 8, busy: unknown, pooled: true, leakingSets: [{ name: 'hnsw.ef_search', calls: 1200 }] }),
  view({}, { cores: 8, leakingSets: [{ name: 'hnsw.ef_search', calls: 2 }] }),
];

it.each(LANGUAGES)('says in %s how many connections to keep, and why', async (language) => {
  const lines = VIEWS.flatMap((one) => [...poolLines(one, auditTextsIn(language).frame.pool), '', '---', '']);
  await expect(lines.join('\n')).toMatchFileSnapshot(`golden/pool.${language}.txt`);
});

it('says nothing in English in another language, but for settings to paste', () => {
  const said = VIEWS.flatMap((one) => poolLines(one, auditTextsIn('ru').frame.pool)).filter((line) =>
    /[а-я]/i.test(line),
  );
  const names = [
    'node-postgres',
    'SQLAlchemy',
    'engine',
    'PgBouncer',
    'pgbouncer',
    'transaction',
    'hnsw',
    'LOCAL',
    'ALTER',
    'ROLE',
    'name',
    'value',
    'true',
  ];
  expect(englishIn(said.join('\n')).filter((word) => !names.includes(word))).toEqual([]);
  const pasted = /new Pool|create_engine|^ {2}\w+ = \w+$|ALTER SYSTEM|^-*$/;
  const english = VIEWS.flatMap((one) => poolLines(one, auditTextsIn('ru').frame.pool)).filter(
    (line) => !/[а-я]/i.test(line) && !pasted.test(line),
  );
  expect(english).toEqual(english.filter((line) => /^SQLAlchemy|^node-postgres/.test(line)));
});
