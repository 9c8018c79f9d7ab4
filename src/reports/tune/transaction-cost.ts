import { latencyQuantile } from '../../analysis/index.js';
import type { Measured } from '../../results/index.js';
import { digits, intervalText } from '../text/figures.js';
import type { RunView } from './run-view.js';

/** From this share of the median on, what surrounds a query is worth another way of asking it. */
const WORTH_SPARING = 0.1;

export interface TransactionCost {
  readonly text: string;
  /** Whether another way of asking is worth its lines. */
  readonly isWorthSparing: boolean;
}

/** What the statements around a query add to it at the client; null where that was not measured. */
export function transactionCost({ texts }: Pick<RunView, 'texts'>, measured: Measured | null): TransactionCost | null {
  const cost = measured?.transactionMs;
  const median = latencyQuantile(measured, 0.5)?.estimate?.value;
  if (!cost || median === undefined) return null;
  const share = cost.median.value / median;
  return {
    text: texts.sections.apply.transactionCost(cost.statements, {
      ms: intervalText(cost.median),
      n: cost.n,
      share,
      median: digits(median),
    }),
    isWorthSparing: share >= WORTH_SPARING,
  };
}

/** What the settings of a query cost beside it, with what spares that; nothing where it is little. */
export function settingsCost(run: Pick<RunView, 'texts'>, measured: Measured | null): readonly string[] {
  const cost = transactionCost(run, measured);
  return cost?.isWorthSparing ? [`${cost.text} ${run.texts.sections.configuration.asFunction}`] : [];
}
