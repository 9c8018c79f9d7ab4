import { isSame, expressionOf } from './same-expression.js';
import type { SearchedIndex } from './catalog.js';
import type { Asked } from './obstacles/obstacle.js';

/** The indexes beside a search, by what keeps them from it. */
export interface IndexesOf {
  /** Those that can be used at all. */
  readonly valid: readonly SearchedIndex[];
  /** Of these, on what the search compares. */
  readonly onSide: readonly SearchedIndex[];
  /** Of these, for the operator of the search. */
  readonly serving: readonly SearchedIndex[];
  /** For the operator of the search, on something else. */
  readonly elsewhere: readonly SearchedIndex[];
}

export function indexesOf({ search, table }: Asked): IndexesOf {
  const { side, distance } = search;
  const valid = table.indexes.filter((index) => index.valid);
  const onSide = valid.filter(({ expression }) => isSame(expressionOf(expression), side));
  const forOperator = valid.filter(({ operator }) => operator === distance.operator);
  return {
    valid,
    onSide,
    serving: onSide.filter((index) => forOperator.includes(index)),
    elsewhere: forOperator.filter((index) => !onSide.includes(index)),
  };
}
