import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { statementLines } from '../../src/cli/commands/tune/statement-print.js';

import type { StatementOption, TunedStatement } from '../../src/experiment/index.js';

const option: StatementOption = {
  spec: { method: 'ivfflat', representation: 'vector', parameters: { lists: 10 } },
  create: 'CREATE INDEX "items_ix" ON shop.items USING ivfflat (embedding vector_l2_ops) WITH (lists = 10)',
  drop: 'DROP INDEX shop."items_ix"',
  buildSeconds: 1,
  bytes: 8192,
  settings: { plan_cache_mode: 'force_custom_plan', 'ivfflat.probes': '4' },
  reached: true,
  measured: null,
  plan: 'Index Scan using items_ix on items',
  plans: [],
};

const linesOf = (best: Partial<StatementOption>, tuned: Partial<TunedStatement> = {}): readonly string[] =>
  statementLines(
    {
      statement: 'SELECT id FROM shop.items\n\tORDER BY embedding <-> $1 LIMIT 6',
      k: 5,
      queries: 'rows',
      parameters: [],
      place: { server: { pgvector: '0.7.0', versionNumber: 150_000 }, rows: 100_000, dimensions: 1536, metric: 'l2' },
      target: 0.9,
      copied: [{ table: 'shop.items', rows: 3000, isSample: false }],
      without: { medianMs: 1, queries: 20 },
      options: [],
      best: { ...option, ...best },
      ...tuned,
    },
    { server: 'local', paint: pc.createColors(false) },
  );

describe('the change to make for a statement', () => {
  it('is printed as it is to be run', () => {
    const lines = linesOf({});
    expect(lines.slice(lines.indexOf('The change to make:') + 1)).toEqual([
      expect.stringMatching(/^ {2}SET maintenance_work_mem = '\d+MB';  -- the build needs .* for 100,000 rows$/),
      '  CREATE INDEX CONCURRENTLY "items_ix" ON shop.items USING ivfflat (embedding vector_l2_ops) WITH (lists = 10);',
      '  BEGIN;',
      "  SET LOCAL plan_cache_mode = 'force_custom_plan';",
      '  SET LOCAL ivfflat.probes = 4;',
      '  SELECT id FROM shop.items',
      '  \tORDER BY embedding <-> $1 LIMIT 6;',
      '  COMMIT;',
    ]);
  });

  it('ends the statement after a remark', () => {
    const lines = linesOf({}, { statement: 'SELECT id FROM shop.items ORDER BY embedding <-> $1 LIMIT 6 -- six' });
    expect(lines.slice(-3)).toEqual([
      '  SELECT id FROM shop.items ORDER BY embedding <-> $1 LIMIT 6 -- six',
      '  ;',
      '  COMMIT;',
    ]);
  });

  it('says that rows may come out of order, and that the table is larger', () => {
    const text = linesOf(
      { settings: { 'ivfflat.iterative_scan': 'relaxed_order' } },
      { copied: [{ table: 'shop.items', rows: 3000, isSample: true }] },
    ).join('\n');
    expect(text).toContain('rows may come slightly out of order of distance');
    expect(text).toContain('shop.items has more rows than the sample');
    expect(linesOf({ settings: { 'hnsw.iterative_scan': 'strict_order' } }).join('\n')).not.toContain('out of order');
  });
});
