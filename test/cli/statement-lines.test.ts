import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { statementLines } from '../../src/cli/commands/tune/statement-print.js';
import type { OptionView, StatementView } from '../../src/reports/index.js';
import { runTextsIn } from '../../src/reports/text/run-languages.js';

const SPEC = { method: 'ivfflat', representation: 'vector', parameters: { lists: 10 } } as const;

const option: OptionView = {
  record: {
    type: 'statement-with-index',
    key: 'a',
    request: { spec: SPEC, settings: {}, sweep: { setting: 'ivfflat.probes', values: [4] }, queries: 20 },
    startedAt: '2026-01-01T00:00:00.000Z',
    create: 'CREATE INDEX "items_ix" ON shop.items USING ivfflat (embedding vector_l2_ops) WITH (lists = 10)',
    drop: 'DROP INDEX shop."items_ix"',
    buildSeconds: 1,
    bytes: 8192,
    plan: 'Index Scan using items_ix on items',
    plans: [],
    steps: [],
  },
  settings: { plan_cache_mode: 'force_custom_plan', 'ivfflat.probes': '4' },
  reached: true,
  step: null,
};

const linesOf = (best: Partial<OptionView>, subject: Partial<StatementView['subject']> = {}): readonly string[] =>
  statementLines(
    {
      manifest: {
        dataset: { dimensions: 1536 },
        metric: 'l2',
        target: { recall: 0.9, confidence: 0.95, minimise: 'p95' },
        server: { label: 'local' },
      } as StatementView['manifest'],
      subject: {
        text: 'SELECT id FROM shop.items\n\tORDER BY embedding <-> $1 LIMIT 6',
        k: 5,
        queries: 'rows',
        parameters: [],
        server: { pgvector: '0.7.0', versionNumber: 150_000 },
        rows: 100_000,
        copied: [{ table: 'shop.items', rows: 3000, isSample: false }],
        ...subject,
      } as StatementView['subject'],
      without: undefined,
      options: [],
      best: { ...option, ...best },
      isFinished: true,
      texts: runTextsIn('en'),
    },
    pc.createColors(false),
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
    const lines = linesOf({}, { text: 'SELECT id FROM shop.items ORDER BY embedding <-> $1 LIMIT 6 -- six' });
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
