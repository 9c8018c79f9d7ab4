import type { FilteredQuestion, FilteredStrategy, FilteredStrategyName } from './strategy.js';

const alone = (question: FilteredQuestion): FilteredQuestion => ({ ...question, join: null });

/**
 * What a strategy can do when the joined table's columns are copied to the rows: there is no join, and indexes and
 * partitions may go by these columns. Every change of the joined table has to be carried over to its rows.
 */
export const denormalised = (name: FilteredStrategyName, strategy: FilteredStrategy): FilteredStrategy => ({
  ...strategy,
  name,
  copies: 'columns',
  limit(question, spec) {
    const { join, matching } = question;
    if (join === null) return { code: 'no-join', data: {} };
    // An inner join loses them, and a copied column does not.
    if (matching.orphans > 0) return { code: 'orphaned-rows', data: { rows: matching.orphans, key: join.key } };
    return strategy.limit(alone(question), spec);
  },
  indexes: (question, spec) => strategy.indexes(alone(question), spec),
  settings: (question, spec) => strategy.settings(alone(question), spec),
  knobs: (question, spec) => strategy.knobs(alone(question), spec),
  query: (question, spec, place) => strategy.query(alone(question), spec, place),
  planRule: (question, spec, names) => strategy.planRule(alone(question), spec, names),
});
