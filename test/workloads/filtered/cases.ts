import { querySet } from '../../../src/query-set.js';
import type { Filter, Join } from '../../../src/filter.js';
import { createRandom } from '../../../src/random.js';
import type { IndexSpec } from '../../../src/vocabulary.js';
import { type FilteredQuestion, drawFilter } from '../../../src/workloads/index.js';
import { hasRow } from '../../../src/workloads/filtered/matching-rows.js';
import { rowsByDistance, type TestData } from './filtered-data.js';

export const hnsw: IndexSpec = { method: 'hnsw', representation: 'vector', parameters: { m: 8, ef_construction: 32 } };
export const ivfflat: IndexSpec = { method: 'ivfflat', representation: 'vector', parameters: { lists: 8 } };
export const exact: IndexSpec = { method: 'none', representation: 'vector', parameters: {} };

/** A filter put to data, with all that is needed to judge the answers. */
export interface Case {
  readonly question: FilteredQuestion;
  /** Per query: all rows in ascending distance, and whether they match. */
  readonly ranking: readonly (readonly { readonly row: number; readonly isMatch: boolean }[])[];
}

export async function ask(
  data: TestData,
  filter: Filter,
  { join = null, k = 10 }: { readonly join?: Join | null; readonly k?: number } = {},
): Promise<Case> {
  const queries = Array.from({ length: data.queries.rows }, (_, query) => query);
  const prepared = await drawFilter(filter, data, { queries, near: data.near, join, random: createRandom('cases') });
  return {
    question: {
      k,
      metric: 'l2',
      queries: querySet(data.queries, prepared.asked),
      matching: prepared,
      columns: data.columns,
      join,
      pgvector: '0.8.0',
      exactBelowRows: 250,
    },
    ranking: prepared.asked.map((q, query) => {
      const bitmap = prepared.bitmaps[prepared.ofQuery[query]!]!;
      return rowsByDistance(data, q).map((row) => ({ row, isMatch: hasRow(bitmap, row) }));
    }),
  };
}

/** The k nearest matching rows of each query, as far as they are among its nearest `within` rows. */
export const truthOf = ({ ranking, question }: Case, within = Infinity): readonly (readonly number[])[] =>
  ranking.map((rows) =>
    rows
      .slice(0, within)
      .filter(({ isMatch }) => isMatch)
      .slice(0, question.k)
      .map(({ row }) => row),
  );

/** Share of the true rows that came back. */
export function recallOf(truth: readonly (readonly number[])[], returned: readonly (readonly number[])[]): number {
  const hits = truth.flatMap((rows, query) => rows.filter((row) => returned[query]!.includes(row)));
  return hits.length / truth.flat().length;
}
