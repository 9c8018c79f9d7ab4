import type { Config } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';
import { describeSpec, isReranked } from '../../indexes/index.js';
import type { ChurnAnswer, ChurnRequest } from '../../results/index.js';
import type { Shape } from '../../workloads/index.js';
import { churn } from '../churn/search.js';
import { type ChosenIndex, namedIndex } from './named-index.js';
import { refuseLayout } from './layout.js';
import type { ConfiguredSearch } from './search.js';

/** How rows are to change: all of a request but the index and the question. */
export type ChurnShape = Pick<ChurnRequest, 'rounds' | 'turnover' | 'mix' | 'arrival' | 'changesPerSecond'>;

/** Rows at the start and left to come: fewer are no likeness of a table. */
const FEWEST_ROWS = 500;

/**
 * What `churn` does with a configuration: one index wears.
 *
 * @param chosen the index of an earlier run; null: the one that the configuration names, or pgvector's default
 */
export const churnFromConfig = (
  config: Config,
  chosen: ChosenIndex | null,
  changes: ChurnShape,
): ConfiguredSearch<ChurnAnswer> => ({
  check(shape) {
    refuseLayout(config);
    checkRows(shape);
    checkIndex(namedIndex(config, shape, { chosen, command: 'churn' }));
  },
  search(situation) {
    const index = namedIndex(config, situation, { chosen, command: 'churn' });
    return churn({ ...index, k: config.k, queries: situation.queries, ...changes });
  },
});

function checkRows({ rows }: Shape): void {
  if (rows >= FEWEST_ROWS) return;
  throw new PgvtuneError('usage', `churn needs ${FEWEST_ROWS} rows or more, the dataset has ${rows}.`, {
    hint: 'Use a larger dataset.',
  });
}

function checkIndex({ spec }: ChosenIndex): void {
  if (!isReranked(spec)) return;
  throw new PgvtuneError('usage', `churn does not measure indexes that are re-ranked, such as ${describeSpec(spec)}.`, {
    hint: 'Name an index on vector or halfvec.',
  });
}
