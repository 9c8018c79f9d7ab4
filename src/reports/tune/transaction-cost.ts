import { latencyQuantile } from '../../analysis/index.js';
import type { Measured } from '../../results/index.js';
import { formatPercent } from '../../units.js';
import { digits, intervalText } from '../text/figures.js';

/** From this share of the median on, what surrounds a query is worth another way of asking it. */
const WORTH_SPARING = 0.1;

export interface TransactionCost {
  readonly text: string;
  /** Whether another way of asking is worth its lines. */
  readonly isWorthSparing: boolean;
}

/** What the statements around a query add to it at the client; null where that was not measured. */
export function transactionCost(measured: Measured | null): TransactionCost | null {
  const cost = measured?.transactionMs;
  const median = latencyQuantile(measured, 0.5)?.estimate?.value;
  if (!cost || median === undefined) return null;
  const share = cost.median.value / median;
  return {
    text:
      `The ${cost.statements} statements around the query take a round trip each. Together they took ${intervalText(cost.median)} ms here (n = ${cost.n}), ` +
      `${formatPercent(share, 0)} of the ${digits(median)} ms that the query itself takes (median). No latency in this report includes them.`,
    isWorthSparing: share >= WORTH_SPARING,
  };
}
