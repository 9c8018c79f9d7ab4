import type { Condition, Filter } from '../../../filter.js';
import { indexKind, placedTables, queriedTable } from '../../../indexes/index.js';
import type { Placement } from '../../../vocabulary.js';
import { conjunctsOf } from '../conditions.js';
import { columnNamed } from '../check-filter.js';
import { stepOf, stepsOf } from '../joins.js';
import { readsPartitions } from '../plan-rule.js';
import { literalConstant } from '../render-filter.js';
import { tunable } from '../search-settings.js';
import { selectNearest } from '../select-nearest.js';
import { MOST_INDEXES } from './partial-index.js';
import { type FilteredQuestion, type FilteredStrategy, ITEMS } from './strategy.js';
import { iterativeLimit, vectorIndexLimit } from './vector-index.js';

/** Few enough to be searched one by one, many enough to make a difference. */
export const HASH_PARTITIONS = 8;

type Equality = Extract<Condition, { op: '=' | 'in' }>;

const isEquality = (filter: Filter): filter is Equality => 'op' in filter && (filter.op === '=' || filter.op === 'in');

/** The condition that tells which partitions a query needs: it must hold, whatever else must. */
const partitionCondition = (filter: Filter): Equality | undefined => conjunctsOf(filter).find(isEquality);

const valuesOf = ({ value }: Equality): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** Whether a partition holds rows that the filter excludes: by another condition, or because of other values. */
const leavesMore = (kind: Placement['kind'], filter: Filter): boolean =>
  kind === 'hash' || conjunctsOf(filter).length > 1;

function partitioned(kind: 'list' | 'hash', name: FilteredStrategy['name']): FilteredStrategy {
  function placementOf({ matching, columns }: FilteredQuestion): Placement {
    const conditions = matching.filters.map((filter) => partitionCondition(filter)!);
    const column = columnNamed(columns, conditions[0]!.column);
    const { name } = column;
    if (kind === 'hash') return { kind, column: name, partitions: HASH_PARTITIONS };
    const values = new Set(conditions.flatMap(valuesOf).map((value) => literalConstant(column, value)));
    return { kind, column: name, values: [...values].sort() };
  }
  const isIterative = ({ matching }: FilteredQuestion): boolean => leavesMore(kind, matching.filters[0]!);

  return {
    name,
    isApproximate: true,
    protection: null,
    copies: 'table',
    limit(question, spec) {
      const { join, matching, pgvector } = question;
      const [filter] = matching.filters;
      const condition = filter && partitionCondition(filter);
      if (filter === undefined || condition === undefined) return { code: 'no-equality', data: {} };
      if (join && stepOf(stepsOf(join), condition.column)) {
        return { code: 'partition-by-joined-column', data: { table: join.table } };
      }
      if (join) return { code: 'partition-with-join', data: {} };
      if (leavesMore(kind, filter) && condition.op === 'in') return { code: 'merged-out-of-order', data: {} };
      if (matching.matches.includes(0)) return { code: 'no-rows', data: {} };
      const placement = placementOf(question);
      if (placement.kind === 'list' && placement.values.length > MOST_INDEXES) {
        return { code: 'too-many-partitions', data: { values: placement.values.length, most: MOST_INDEXES } };
      }
      return vectorIndexLimit(spec) ?? (isIterative(question) ? iterativeLimit(spec, 'relaxed_order', pgvector) : null);
    },
    indexes: (question, spec) => [{ kind: 'vector', spec, placement: placementOf(question) }],
    settings: (question) => ({ iterative_scan: isIterative(question) ? 'relaxed_order' : 'off' }),
    knobs: (question, { method }) =>
      isIterative(question)
        ? tunable(indexKind(method).knobs, 'iterative_scan')
        : tunable(indexKind(method).knobs, 'iterative_scan', 'max_scan_tuples', 'scan_mem_multiplier', 'max_probes'),
    query: (question, spec, place) =>
      selectNearest(question, {
        ...place,
        spec,
        table: queriedTable(ITEMS, placementOf(question)),
        resort: isIterative(question),
      }),
    planRule(question) {
      const { filters, ofQuery } = question.matching;
      const tables = placedTables(ITEMS, placementOf(question));
      const asked = filters.map((filter) => valuesOf(partitionCondition(filter)!).length);
      return (plan, query) => readsPartitions(plan, tables, asked[ofQuery[query]!]!);
    },
  };
}

/** A partition with a vector index of its own for each value: `ef_search` rows from each partition that is read. */
export const listPartitions = partitioned('list', 'list-partitions');

/** Values share partitions, so that a scan has to go on past the other values' rows. */
export const hashPartitions = partitioned('hash', 'hash-partitions');
