import { describe, expect, it } from 'vitest';
import type { Filter } from '../../../src/filter.js';
import { placeIndexes } from '../../../src/indexes/index.js';
import { type FilteredQuestion, filteredStrategy } from '../../../src/workloads/index.js';
import { hnsw, ivfflat } from './cases.js';
import { COLUMNS } from './filtered-data.js';

const strategy = filteredStrategy('range-partitions');

const window = (from: string, to: string): Filter => ({ column: 'created', op: 'window', value: [from, to] });

const questionOf = (filters: readonly Filter[], more: object = {}): FilteredQuestion =>
  ({
    matching: {
      filters,
      matches: filters.map(() => 10),
      ofQuery: Int32Array.from(filters.keys()),
      rows: 100,
      orphans: 0,
    },
    columns: COLUMNS,
    join: null,
    pgvector: '0.8.0',
    ...more,
  }) as unknown as FilteredQuestion;

function bounds(question: FilteredQuestion): readonly string[] {
  const [index] = strategy.indexes(question, hnsw);
  const placement = index?.kind === 'vector' ? index.placement : null;
  const place = { name: 'i', table: 'items', column: 'embedding', dimensions: 2, spec: hnsw, metric: 'l2' as const };
  const { copy } = placeIndexes({ ...place, placement, quote: (name) => name });
  return copy!.create.flatMap((statement) => /(FOR VALUES .*?|DEFAULT) WITH/.exec(statement)?.[1] ?? []);
}

describe('partitions by range', () => {
  const march = window('2024-03-01', '2024-03-31');
  const moving = [march, window('2024-01-01', '2024-01-31'), window('2024-01-16', '2024-02-15')];

  it('are as long as the windows, and cover all of them', () => {
    expect(bounds(questionOf(moving)).map((text) => text.replaceAll('T00:00:00.000Z', ''))).toEqual([
      `FOR VALUES FROM (MINVALUE) TO ('2024-01-01')`,
      `FOR VALUES FROM ('2024-01-01') TO ('2024-01-31')`,
      `FOR VALUES FROM ('2024-01-31') TO ('2024-03-01')`,
      `FOR VALUES FROM ('2024-03-01') TO ('2024-03-31')`,
      `FOR VALUES FROM ('2024-03-31') TO (MAXVALUE)`,
      'DEFAULT',
    ]);
  });

  it('are read where the window lies, and no others', () => {
    const rule = strategy.planRule(questionOf(moving), hnsw, []);
    const [index] = strategy.indexes(questionOf(moving), hnsw);
    const place = { name: 'i', table: 'items', column: 'embedding', dimensions: 2, spec: hnsw, metric: 'l2' as const };
    const placement = index?.kind === 'vector' ? index.placement : null;
    const { partitions } = placeIndexes({ ...place, placement, quote: (name) => name }).copy!;
    const plan = (read: number) => ({
      type: 'Merge Append',
      relation: null,
      index: null,
      children: partitions
        .slice(0, read)
        .map((relation) => ({ type: 'Index Scan', relation, index: `on ${relation}`, children: [] })),
    });
    // The first two lie in one partition each, the third begins in one and ends in the next.
    expect([0, 1, 2].map((query) => [1, 2, 3].map((read) => rule(plan(read), query) === null))).toEqual([
      [true, false, false],
      [true, false, false],
      [true, true, false],
    ]);
  });

  it.each([
    ['a value', { column: 'tenant', op: '=', value: 'large' }, {}, 'no-window'],
    ['an open end', { column: 'created', op: '>=', value: '2024-01-01' }, {}, 'no-window'],
    ['texts', { column: 'tenant', op: 'between', value: ['a', 'b'] }, {}, 'no-window'],
    [
      'the column of a join',
      march,
      { join: { table: 'd', key: 'document', columns: ['created'] } },
      'partition-by-joined-column',
    ],
    ['a join', march, { join: { table: 'd', key: 'document', columns: ['owner'] } }, 'partition-with-join'],
    ['old pgvector', march, { pgvector: '0.7.4' }, 'iterative-scan-too-new'],
  ] as const)('do not serve %s', (_, filter, more, code) => {
    expect(strategy.limit(questionOf([filter as Filter], more), hnsw)?.code).toBe(code);
  });

  it('are refused where they are too many, and on lists, which have no strict order', () => {
    const far = [window('2024-01-01', '2024-01-02'), window('2024-12-01', '2024-12-02')];
    expect(strategy.limit(questionOf(far), hnsw)?.code).toBe('too-many-partitions');
    expect(strategy.limit(questionOf([march]), ivfflat)?.code).toBe('no-iterative-scan');
    expect(strategy.limit(questionOf([march]), hnsw)).toBeNull();
  });
});
