import fc from 'fast-check';
import { expect, it } from 'vitest';
import { noQueries } from '../../../src/query-set.js';
import { filteredStrategy } from '../../../src/workloads/index.js';
import { hnsw } from '../../support/running-bench.js';

it('asks for the same partial indexes whatever the order in which queries ask for the values', () => {
  const indexesOf = (values: readonly number[]) =>
    filteredStrategy('partial-index').indexes(
      {
        k: 10,
        metric: 'cosine',
        queries: noQueries(4),
        matching: {
          filters: values.map((value) => ({ column: 'tenant', op: '=', value })),
          ofQuery: Int32Array.from(values.keys()),
          matches: values.map(() => 100),
          rows: 1000,
          orphans: 0,
        },
        columns: [{ name: 'tenant', type: 'number', sqlType: 'integer' }],
        join: null,
        pgvector: '0.8.0',
        exactBelowRows: 0,
      },
      hnsw(),
    );
  const values = fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(
      values.chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length }))),
      ([some, shuffled]) => {
        expect(indexesOf(shuffled)).toEqual(indexesOf(some));
      },
    ),
  );
});
