import { columnIndexes } from '../indexable.js';
import { preFilter } from './pre-filter.js';
import type { FilteredQuestion, FilteredStrategy } from './strategy.js';

const rangesOf = ({ matching, ...question }: FilteredQuestion) =>
  columnIndexes(matching.filters[0]!, { ...question, by: 'ranges' });

/**
 * A BRIN index: the least and the greatest value of each range of blocks, in next to no space. It spares reading where
 * the rows lie in the table in the order of the column, as those of a log do; elsewhere every range may hold some.
 */
export const blockRanges: FilteredStrategy = {
  ...preFilter,
  name: 'block-ranges',
  limit(question) {
    if (question.join) return { code: 'joined-rows-scattered', data: { table: question.join.table } };
    return rangesOf(question) === null ? { code: 'not-a-range', data: {} } : null;
  },
  indexes: (question) => rangesOf(question)!.map((spec) => ({ kind: 'column', spec })),
};
