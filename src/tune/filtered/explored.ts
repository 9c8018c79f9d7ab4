import type { FilterOption, Measured, PointRequest } from '../../results/index.js';
import type { Candidate } from './candidates.js';

/** What became of a candidate before the finalists were measured side by side. */
export interface Explored extends Candidate {
  readonly option: FilterOption;
  /** Asked again, in the final comparison; null: not worth it. */
  readonly final: PointRequest | null;
  /** At the settings of the option; null when there are no figures. */
  readonly measured: Measured | null;
}
