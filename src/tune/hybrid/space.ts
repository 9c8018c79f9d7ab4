import { queriesToShow } from '../../analysis/index.js';
import type { HybridRemark } from '../../results/index.js';
import type { IndexSpec, SearchSettings, Target } from '../../vocabulary.js';
import type { Budget } from '../common/budget.js';
import type { HybridQuestion } from '../../workloads/index.js';

/** What a search for hybrid queries may choose from. */
export interface HybridSpace {
  /** The same queries, with each way to search the text. */
  readonly questions: readonly HybridQuestion[];
  /** Names of strategies. */
  readonly strategies: readonly string[];
  /** Parts of the statements that are given, and not to be chosen; each strategy has some of them. */
  readonly given: SearchSettings;
  /** Vector indexes; the first serves every strategy, the others are tried with the best of them. */
  readonly specs: readonly IndexSpec[];
  /** Its recall is the share of the exact fusion's rows that has to come back. */
  readonly target: Target;
  readonly k: number;
  /** Rows of the table. */
  readonly rows: number;
  /** Queries with a relevant row; null where nobody judged. */
  readonly judged: number | null;
  /** A re-ranker's scores were given. */
  readonly hasRerankScores: boolean;
  readonly remarks: readonly HybridRemark[];
  /** Timed round trips of a point that a conclusion is drawn from. */
  readonly samples: number;
  readonly seed: number;
  /** Version of the extension. */
  readonly pgvector: string;
  /** The time that there is; absent: as long as it takes. */
  readonly budget?: Budget | undefined;
}

/** No index of the vectors. */
export const EXACT: IndexSpec = { method: 'none', representation: 'vector', parameters: {} };

/**
 * How many queries it takes to show the target, where there are fewer; else null. Judged sets have 43 to 50: a strategy then
 * has to return the rows of its exact legs for these queries, and that is what is said of it.
 */
export function queriesLacking({ questions, target }: Pick<HybridSpace, 'questions' | 'target'>): number | null {
  const needs = queriesToShow(target.recall, target.confidence);
  return (questions[0]?.queries.size ?? 0) < needs ? needs : null;
}
