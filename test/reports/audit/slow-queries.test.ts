import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { auditDatabase, type DatabaseSnapshot, type Statement, type StatementPlan } from '../../../src/audit/index.js';
import { unread } from '../../../src/findings.js';
import { LANGUAGES } from '../../../src/languages.js';
import { auditDocument, auditTextsIn } from '../../../src/reports/index.js';
import { shapesOf } from '../../../src/statements/index.js';

/*
 * The report on statements that could be written otherwise, or cost what no plan shows. A change of its wording shows as a
 * difference to review; `vitest -u` accepts it.
 */

interface Told extends Partial<Pick<StatementPlan, 'part' | 'scans' | 'sortedRows' | 'rewrite'>> {
  readonly query: string;
  readonly costs: number;
  readonly lines: readonly string[];
}

const rewrite = (
  sql: string,
  [costBefore, costAfter]: readonly [number, number],
  more: Partial<NonNullable<StatementPlan['rewrite']>>,
) => ({ sql, costBefore, costAfter, settings: {}, change: null, sameRows: true, ...more });

const scanOf = (table: string, rows: number) => [{ table, cost: 100, rows, isFiltered: true }];

const TOLD: readonly Told[] = [
  {
    query: 'SELECT count(*) > $1 FROM messages WHERE chat_id = $2',
    costs: 1234.5,
    lines: ['Aggregate  (cost=1234.49..1234.50 rows=1 width=1)', '  ->  Seq Scan on messages'],
    scans: scanOf('messages', 12),
    rewrite: rewrite('SELECT EXISTS (SELECT 1 FROM messages WHERE chat_id = $2) AS "?column?"', [1234.5, 104], {
      change: { code: 'exists', data: { where: [{ parameter: 1, value: 0 }] } },
    }),
  },
  {
    query: 'SELECT id FROM messages WHERE chat_id NOT IN (SELECT id FROM chats)',
    costs: 5_210_000,
    lines: ['Seq Scan on messages  (cost=0.00..5210000.00 rows=10000 width=8)'],
    rewrite: rewrite(
      'SELECT id FROM messages WHERE NOT EXISTS (SELECT 1 FROM chats WHERE chats.id = messages.chat_id)',
      [5_210_000, 913],
      { change: { code: 'not-exists', data: { column: 'chat_id' } } },
    ),
  },
  {
    query: 'SELECT id FROM documents ORDER BY $1 - (embedding <=> $2) DESC LIMIT $3',
    costs: 8400,
    lines: ['Limit  (cost=8400.00..8400.01 rows=5 width=16)', '  ->  Sort'],
    sortedRows: 20_000,
    rewrite: rewrite('SELECT id FROM documents ORDER BY embedding <=> $2 LIMIT $3', [8400, 120], {
      settings: { 'hnsw.iterative_scan': 'strict_order' },
      sameRows: false,
    }),
  },
  {
    query: 'SELECT id FROM messages WHERE body LIKE $1 OFFSET $2',
    costs: 700,
    lines: ['Seq Scan on messages  (cost=0.00..700.00 rows=2 width=8)'],
    scans: scanOf('messages', 2),
  },
  {
    query: 'DELETE FROM chats WHERE id = $1',
    costs: 8.3,
    part: 'rows to write',
    lines: ['Index Scan using chats_pkey on chats  (cost=0.29..8.30 rows=1 width=6)'],
  },
  {
    query: 'UPDATE messages SET state = $1, embedding = $2 WHERE id = $3',
    costs: 8.3,
    part: 'rows to write',
    lines: ['Index Scan using messages_pkey on messages  (cost=0.29..8.30 rows=1 width=6)'],
  },
  {
    query: 'UPDATE chats SET title = $1 WHERE id = $2',
    costs: 8.3,
    part: 'rows to write',
    lines: ['Index Scan using chats_pkey on chats  (cost=0.29..8.30 rows=1 width=6)'],
  },
  {
    query: 'SELECT id FROM chats WHERE id = $1 FOR UPDATE',
    costs: 8.3,
    part: 'without row locks',
    lines: ['Index Only Scan using chats_pkey on chats  (cost=0.29..8.30 rows=1 width=8)'],
  },
];

const table = (oid: number, name: string, estimatedRows: number) => ({
  oid,
  schema: 'public',
  name,
  kind: 'table',
  parentOid: null,
  estimatedRows,
  options: [],
  activity: { updates: 40_000, hotUpdates: 500, liveRows: estimatedRows },
});
const column = (tableOid: number, number: number, name: string) => ({ tableOid, number, name, typeName: 'int8' });
const index = (tableOid: number, name: string, columns: readonly number[], method = 'btree') => ({
  oid: columns[0],
  tableOid,
  schema: 'public',
  name,
  method,
  methodExtension: method === 'btree' ? null : 'vector',
  valid: true,
  predicate: null,
  columns,
  keys: columns.map((one) => ({ column: one })),
});

async function snapshot(): Promise<DatabaseSnapshot> {
  const shapes = await shapesOf(TOLD.map(({ query }) => query));
  const statements = TOLD.map(({ query }, i): Statement => ({
    id: String(i + 1),
    role: 'app',
    query,
    shape: shapes[i]!,
    calls: 10,
    rows: 25,
    executionMs: 1000 * (TOLD.length - i),
    planningMs: 0,
    meanMs: 100 * (TOLD.length - i),
    deviationMs: 12.5,
    maximumMs: 1050,
    blocksHit: 123_450,
    blocksRead: 0,
    temporaryBlocksWritten: 0,
    walBytes: 0,
    ioMs: 0,
    jitMs: 0,
  }));
  const none = unread('no-log');
  const facts = {
    server: {
      label: 'db.example.com',
      database: 'shop',
      role: 'monitor',
      version: '17.6',
      number: 170_006,
      managedBy: null,
      takenAt: '2026-11-29T23:05:00.000Z',
      startedAt: '2026-11-01T00:00:00.000Z',
      statisticsResetAt: '2026-11-28T00:00:00.000Z',
    },
    tables: [table(1, 'messages', 20_000), table(2, 'chats', 2000)],
    columns: [
      ...['id', 'chat_id', 'body', 'state', 'embedding'].map((name, i) => column(1, i + 1, name)),
      ...['id', 'title'].map((name, i) => column(2, i + 1, name)),
    ],
    indexes: [
      index(1, 'messages_pkey', [1]),
      index(1, 'messages_state', [4]),
      index(1, 'messages_hnsw', [5], 'hnsw'),
      index(2, 'chats_pkey', [1]),
    ],
    foreignKeys: [
      { name: 'messages_chat_id_fkey', tableOid: 1, columns: [2], referencedTableOid: 2, referencedColumns: [1] },
    ],
    statements: { version: '1.11', resetAt: '2026-11-28T00:00:00.000Z', evictions: 0, statements },
    workload: {
      refused: 2,
      plans: TOLD.map(
        ({ costs, lines, part = 'all', scans = [], sortedRows = null, rewrite: written = null }, i): StatementPlan => ({
          id: String(i + 1),
          role: 'app',
          part,
          totalCost: costs,
          lines,
          scans,
          sortedRows,
          rewrite: written,
        }),
      ),
      indexes: [
        {
          tableOid: 1,
          columns: [2],
          predicate: null,
          proof: 'cost-model',
          bytes: null,
          statements: [{ id: '1', role: 'app', costBefore: 1234.5, costAfter: 55.2 }],
        },
      ],
    },
    log: none,
    loops: none,
  };
  return facts as unknown as DatabaseSnapshot;
}

describe('slow_queries_report.md', () => {
  it.each(LANGUAGES)('is unchanged: statements written otherwise, and costs beside the plan (%s)', async (language) => {
    const facts = await snapshot();
    const audit = auditDatabase(facts, []);
    const text = auditDocument('slow_queries_report', {
      server: facts.server,
      facts,
      audit,
      texts: auditTextsIn(language),
    });
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, `golden/slow_queries_report.${language}.md`));
  });
});
