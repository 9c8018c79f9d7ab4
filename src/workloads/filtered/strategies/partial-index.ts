import { columnSql } from '../../../json-path.js';
import { indexKind } from '../../../indexes/index.js';
import type { FilterLimit } from '../../../results/index.js';
import type { IndexSpec, Placement } from '../../../vocabulary.js';
import { conjunctsOf } from '../conditions.js';
import { scansThrough } from '../plan-rule.js';
import { literalFilter } from '../render-filter.js';
import { selectNearest } from '../select-nearest.js';
import { tunable } from '../search-settings.js';
import { type FilteredQuestion, type FilteredStrategy, ITEMS } from './strategy.js';
import { vectorIndexLimit } from './vector-index.js';

/** More indexes than this on one table, and every insert and every plan pays for them. */
export const MOST_INDEXES = 100;

/** Why the filters with these numbers cannot have an index each; null when they can. */
export function partialLimit(
  question: FilteredQuestion,
  spec: IndexSpec,
  filters: readonly number[],
): FilterLimit | null {
  const { join, matching } = question;
  if (matching.filters.some((filter) => conjunctsOf(filter).length === 0)) return { code: 'no-filter', data: {} };
  if (join) return { code: 'predicate-on-joined-columns', data: { table: join.table } };
  if (filters.length > MOST_INDEXES) {
    return { code: 'too-many-indexes', data: { filters: filters.length, most: MOST_INDEXES } };
  }
  const rows = Math.min(...filters.map((filter) => matching.matches[filter]!));
  if (rows === 0) return { code: 'no-rows', data: {} };
  const isInConflict = indexKind(spec.method).conflict(spec.parameters, { rows }) !== null;
  return vectorIndexLimit(spec) ?? (isInConflict ? { code: 'conflicting-parameters', data: { spec, rows } } : null);
}

/** An index over the rows of each of these filters. */
export function partialPlacement({ matching, columns }: FilteredQuestion, filters: readonly number[]): Placement {
  const predicates = filters.map((filter) => literalFilter(matching.filters[filter]!, { columns, columnSql }));
  // In one order: filters that ask for the same values share their indexes.
  return { kind: 'partial', predicates: [...new Set(predicates)].sort() };
}

const allFilters = ({ matching }: FilteredQuestion): readonly number[] => [...matching.filters.keys()];

/**
 * A vector index for each value or class that is filtered by. A query whose value the planner sees implies the predicate of
 * one of them, and nothing is left to be filtered out.
 */
export const partialIndex: FilteredStrategy = {
  name: 'partial-index',
  isApproximate: true,
  protection: 'enable_sort',
  limit: (question, spec) => partialLimit(question, spec, allFilters(question)),
  indexes: (question, spec) => [{ kind: 'vector', spec, placement: partialPlacement(question, allFilters(question)) }],
  settings: () => ({ iterative_scan: 'off' }),
  knobs: (_question, { method }) =>
    tunable(indexKind(method).knobs, 'iterative_scan', 'max_scan_tuples', 'scan_mem_multiplier', 'max_probes'),
  query: (question, spec, place) => selectNearest(question, { ...place, spec }),
  planRule: (_question, _spec, names) => (plan) => scansThrough(plan, [ITEMS], names),
};
