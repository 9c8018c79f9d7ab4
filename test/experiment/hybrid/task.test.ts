import { expect, it } from 'vitest';
import type { PreparedHybrid } from '../../../src/experiment/hybrid/prepare.js';
import { hybridTask } from '../../../src/experiment/hybrid/task.js';
import { querySet } from '../../../src/query-set.js';
import { legOf } from '../../../src/workloads/index.js';
import { buildRecord } from '../../support/records.js';

const K = 2;

it.each([3, 300])('counts each of %i rows that are as good as the last as right', (ties) => {
  const text = { method: 'tsvector', language: 'simple' } as const;
  const queries = querySet({ rows: 1, dimensions: 2, values: Float32Array.of(1, 0) });
  const run: PreparedHybrid = {
    workload: 0,
    question: { k: K, metric: 'l2', queries, texts: ['tree'], text, filter: null },
    near: null!,
    matches: () => true,
    judgements: null,
    rerankScores: null,
    remarks: [],
  };
  const rows = [{ id: 0, score: -1 }, ...Array.from({ length: ties + 1 }, (_, i) => ({ id: i + 1, score: -2 }))];
  const vector = legOf([...rows, { id: 1000, score: -3 }]);
  const task = hybridTask({ workspace: { quote: (name: string) => name } as never }, run, {
    request: { workload: { kind: 'hybrid', k: K, text, strategy: 'vector-only' }, settings: {}, queries: 1 },
    builds: [buildRecord()],
    legs: { of: () => ({ vector, text: legOf([]) }) },
  });
  expect([...task.tiesBeyondK]).toEqual([ties]);
  for (const { id } of rows.slice(K)) {
    expect(task.judge(0, [0, id])).toMatchObject({ hits: 2, strictHits: 1, returned: 2 });
  }
  expect(task.judge(0, [0, 1000])).toMatchObject({ hits: 1, strictHits: 1 });
});
