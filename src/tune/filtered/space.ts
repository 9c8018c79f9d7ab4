import type { IndexSpec, Target } from '../../vocabulary.js';
import type { Budget } from '../common/budget.js';
import type { FilteredCase } from '../../workloads/index.js';

/** What a search for filtered queries may choose from. */
export interface FilteredSpace {
  readonly cases: readonly FilteredCase[];
  /** Names of strategies. */
  readonly strategies: readonly string[];
  /**
   * Those of them that are looked at for one filter of the grid only, with the correlation nearest to 0: the first that no
   * exact strategy serves best.
   */
  readonly seldom: readonly string[];
  /** Vector indexes that a strategy may use. */
  readonly specs: readonly IndexSpec[];
  readonly target: Target;
  readonly k: number;
  /** Rows of the table. */
  readonly rows: number;
  /** Timed round trips of a point that a conclusion is drawn from. */
  readonly samples: number;
  /** The time that there is; absent: as long as it takes. */
  readonly budget?: Budget | undefined;
}

export const EXACT: IndexSpec = { method: 'none', representation: 'vector', parameters: {} };
