import { z } from 'zod';
import { factSchema } from './fact.js';

const name = z.string();
const cost = z.number().min(0);
/** SQL of the statement. */
const sql = z.string();

/*
 * What keeps a vector index out of the plan of an application's statement, or rows out of its answer. One line a kind;
 * `reports/text` has the sentences.
 */
export const searchObstacleSchema = z.discriminatedUnion('code', [
  /* In the text of the statement. */
  factSchema('rank-window', { function: name }),
  factSchema('threshold-only', {}),
  factSchema('materialized-cte', { cte: name }),
  factSchema('subquery-fence', {
    fence: z.enum(['offset', 'limit', 'distinct', 'group-by', 'set-operation', 'window', 'lock', 'recursion']),
  }),
  factSchema('distance-function', { function: name, operator: name }),
  /**
   * `grows`: the expression only grows with the distance, or only falls. Then `rounds`: it makes rows equal whose distances
   * differ; `movesNulls`: rows may have no distance, and come elsewhere than last.
   */
  factSchema('order-expression', { expression: sql, grows: z.boolean(), rounds: z.boolean(), movesNulls: z.boolean() }),
  factSchema('descending', { expression: sql }),
  factSchema('nulls-first', {}),
  factSchema('sorted-by-other-first', { keys: z.number().int().min(1) }),
  factSchema('distinct-rows', { by: z.enum(['distinct', 'distinct-on', 'group-by', 'aggregate']) }),
  factSchema('no-limit', {}),
  factSchema('operand-of-another-table', { operand: sql }),
  factSchema('volatile-operand', { operand: sql, function: name }),
  factSchema('column-expression', { expression: sql, column: name }),
  factSchema('operand-type', { type: name, wanted: name }),

  /* In the indexes. */
  factSchema('no-index', { table: name, column: name }),
  factSchema('invalid-index', { index: name }),
  factSchema('operator-mismatch', {
    operator: name,
    indexes: z.array(z.strictObject({ index: name, operator: name })).readonly(),
  }),
  factSchema('index-on-expression', { index: name, expression: sql }),
  factSchema('partial-index', { index: name, predicate: sql }),
  factSchema('partition-without-index', { partitions: z.array(name).readonly(), of: z.number().int() }),

  /* In what the planner knows and may do. */
  factSchema('method-off', { setting: name }),
  factSchema('never-analysed', { table: name }),
  factSchema('further-keys', { keys: z.number().int().min(1) }),
  factSchema('generic-plan', { mode: name, custom: sql, generic: sql, limit: z.boolean() }),
  factSchema('small-table', {
    rows: z.number().int().min(0),
    pages: z.number().int().min(0),
    plan: sql,
    cost,
    indexCost: cost,
  }),
  /**
   * Another plan costs less by the planner's figures. `crossover`: the share of rows that the filter must let through for the
   * index to be cheaper than a scan of the table, by the model of the planner; null where that never happens or is not known.
   */
  factSchema('cheaper-filter', {
    plan: sql,
    cost,
    indexCost: cost,
    selectivity: z.number().min(0).max(1),
    crossover: z.number().min(0).max(1).nullable(),
  }),
  factSchema('cheaper-join', { plan: sql, cost, indexCost: cost, tables: z.array(name).readonly() }),
  factSchema('cheaper-scan', { plan: sql, cost, indexCost: cost }),
  factSchema('not-explained', { plan: sql }),

  /* In the answer, although the index is used. */
  /** `rows`: of LIMIT and OFFSET together; null where all are asked for. */
  factSchema('limit-above-setting', {
    setting: name,
    most: z.number().int(),
    rows: z.number().int().nullable(),
    withOffset: z.boolean(),
  }),
  factSchema('filter-after-scan', { setting: name }),
  /** With the settings of the two above the planner takes another plan. */
  factSchema('settings-cost-index', { plan: sql, cost, indexCost: cost }),
]);
export type SearchObstacle = z.infer<typeof searchObstacleSchema>;

/** What to change. Names and expressions are quoted as SQL wants them. */
export const searchRemedySchema = z.discriminatedUnion('kind', [
  /** It is in the rewritten statement; `sameRows`: whatever the data, the rows that are asked for stay the same, zero vectors under the
   * cosine distance aside: their distance is not a number, which DESC puts first. */
  z.strictObject({ kind: z.literal('rewrite'), sameRows: z.boolean() }),
  z.strictObject({
    kind: z.literal('create-index'),
    tables: z.array(name).min(1).readonly(),
    method: name,
    expression: sql,
    operatorClass: name,
    predicate: sql.nullable(),
  }),
  z.strictObject({ kind: z.literal('reindex'), index: name }),
  z.strictObject({ kind: z.literal('analyze'), table: name }),
  /** For the transaction of the statement. */
  z.strictObject({ kind: z.literal('setting'), settings: z.record(name, z.string()) }),
  /** The plan is right as it is, or no rewriting is known. */
  z.strictObject({ kind: z.literal('none') }),
]);
export type SearchRemedy = z.infer<typeof searchRemedySchema>;

/** With what is to be done about it. */
export type FoundObstacle = SearchObstacle & { readonly remedy: SearchRemedy };
