import { expect, it } from 'vitest';
import type { DatabaseSnapshot, TunedChoice, TunedIndex } from '../../../src/audit/index.js';
import { tunedIndexes } from '../../../src/reports/audit/tuned-indexes.js';
import { auditTextsIn } from '../../../src/reports/index.js';

const choice = (representation: TunedChoice['representation'], m: number): TunedChoice => ({
  method: 'hnsw',
  representation,
  parameters: { m, ef_construction: 64 },
  settings: { ef_search: 40 },
  recall: { value: 0.96, low: 0.95, high: 0.97 },
  pages: { value: 300, low: 290, high: 310 },
  p95Ms: 1,
  bytes: 1e6,
});

it('names the representation that an index keeps', () => {
  const tuned: TunedIndex = {
    indexOid: 1,
    outcome: 'tuned',
    run: 'r',
    sample: { rows: 1000, tableRows: 1000, server: 'local' },
    k: 10,
    targetRecall: 0.95,
    existing: choice('halfvec', 4),
    recommended: choice('halfvec', 16),
  };
  const snapshot = { tuned: [tuned], indexes: [{ oid: 1, name: 'docs_v' }] } as unknown as DatabaseSnapshot;
  const { frame, findings } = auditTextsIn('en');
  const [, , rows] = tunedIndexes(snapshot, frame);
  expect(rows).toContain('today: HNSW halfvec m=4 ef_construction=64, ef_search=40');
  expect(rows).toContain('recommended: HNSW halfvec m=16 ef_construction=64, ef_search=40');
  const data = { ...tuned, index: 'docs_v', why: 'recall', liveRecall: null, isWholeTable: true } as never;
  expect(findings['untuned-vector-index'].says(data)).toContain('today HNSW halfvec m=4');
});
