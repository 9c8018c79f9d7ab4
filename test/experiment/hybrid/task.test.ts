import { expect, it } from 'vitest';
import type { PreparedHybrid } from '../../../src/experiment/hybrid/prepare.js';
import { hybridTask } from '../../../src/experiment/hybrid/task.js';
import type { Task } from '../../../src/experiment/points/task.js';
import { querySet } from '../../../src/query-set.js';
import { legOf, type Legs } from '../../../src/workloads/index.js';
import type { Metric } from '../../../src/vocabulary.js';
import { buildRecord } from '../../support/records.js';

const K = 2;
const text = { method: 'tsvector', language: 'simple' } as const;

/** The task of one query with these exact legs. */
function taskOf(strategy: string, legs: Legs, metric: Metric = 'l2'): Task {
  const queries = querySet({ rows: 1, dimensions: 2, values: Float32Array.of(1, 0) });
  const run: PreparedHybrid = {
    workload: 0,
    question: { k: K, metric, queries, texts: ['tree'], text, filter: null },
    near: null!,
    matches: () => true,
    judgements: null,
    rerankScores: null,
    remarks: [],
  };
  return hybridTask({ workspace: { quote: (name: string) => name } as never }, run, {
    request: { workload: { kind: 'hybrid', k: K, text, strategy }, settings: {}, queries: 1 },
    builds: [buildRecord()],
    legs: { of: () => legs, errorOf: () => 0 },
  });
}

it.each([3, 300])('counts each of %i rows that are as good as the last as right', (ties) => {
  const rows = [{ id: 0, score: -1 }, ...Array.from({ length: ties + 1 }, (_, i) => ({ id: i + 1, score: -2 }))];
  const vector = legOf([...rows, { id: 1000, score: -3 }]);
  const task = taskOf('vector-only', { vector, text: legOf([]) });
  expect([...task.tiesBeyondK]).toEqual([ties]);
  for (const { id } of rows.slice(K)) {
    expect(task.judge(0, [0, id])).toMatchObject({ hits: 2, strictHits: 1, returned: 2 });
  }
  expect(task.judge(0, [0, 1000])).toMatchObject({ hits: 1, strictHits: 1 });
});

it('tells rows of one text rank apart by their distance', () => {
  const vector = legOf([1, 2, 2, 3, 4].map((far, id) => ({ id, score: -far })));
  const ranked = legOf([0, 1, 2, 3].map((id) => ({ id, score: 0.5 })));
  const task = taskOf('vector-then-text', { vector, text: ranked });
  expect([...task.tiesBeyondK]).toEqual([1]);
  expect(task.judge(0, [0, 2])).toMatchObject({ hits: 2, strictHits: 1 });
  expect(task.judge(0, [0, 3])).toMatchObject({ hits: 1, strictHits: 1 });
});

it.each(['vector-only', 'text-filter'])(
  'calls near-duplicates ties as far as float32 tells them apart: %s',
  (strategy) => {
    // The server sums cosines in float32, whose errors are larger than what is between these rows.
    const vector = legOf([1e-6, 1e-5, 1.03e-5, 2e-5].map((far, id) => ({ id, score: -far })));
    const matches = legOf([0, 1, 2, 3].map((id) => ({ id, score: 0.5 })));
    const task = taskOf(strategy, { vector, text: matches }, 'cosine');
    expect(task.judge(0, [0, 2])).toMatchObject({ hits: 2, strictHits: 1 });
    expect(task.judge(0, [0, 3])).toMatchObject({ hits: 1, strictHits: 1 });
    expect(taskOf(strategy, { vector, text: matches }).judge(0, [0, 2])).toMatchObject({ hits: 1 });
  },
);
