import { latencyQuantile } from '../../analysis/index.js';
import type { Estimate, Quantile } from '../../results/index.js';
import { formatCount, formatMs } from '../../units.js';
import { figures as en } from './en/figures.js';
import type { RunTexts } from './run-texts.js';

/** In whose words something is said. */
interface Said {
  readonly texts: Pick<RunTexts, 'figures'>;
}

/** `0.9534 [0.9421, 0.9630]`: a mean recall with its 95 % interval. */
export const recallText = ({ value, low, high }: Estimate): string =>
  `${value.toFixed(4)} [${(low ?? 0).toFixed(4)}, ${(high ?? 1).toFixed(4)}]`;

/** `99.5 %`: a confidence as it was asked for. */
export const confidenceText = (confidence: number): string => `${Number((100 * confidence).toPrecision(4))} %`;

/**
 * Recall as a table has it. That of an exact strategy is no estimate, however few queries it was asked: its plan and its
 * answers are checked. Where it is below 1 all the same, that has to be seen.
 */
export const recallCell = ({ texts }: Said, mean: Estimate, { isExact }: { readonly isExact: boolean }): string =>
  isExact && mean.value === 1 ? texts.figures.exact : recallText(mean);

/** `0.42 [0.41, 0.44]`: three digits in the unit of the column, with the 95 % interval; `∞`: the sample does not bound it. */
export const intervalText = ({ value, low, high }: Estimate): string =>
  `${digits(value)} [${digits(low ?? 0)}, ${digits(high)}]`;

/** `281 [262, 302], n = 50`: pages of a query, and by how many queries; without an interval where all touch as many. */
export const buffersText = ({ mean, queries }: { readonly mean: Estimate; readonly queries: number }): string =>
  `${pages(mean.value)}${mean.low === mean.high ? '' : ` [${pages(mean.low ?? 0)}, ${mean.high === null ? '∞' : pages(mean.high)}]`}, n = ${formatCount(queries)}`;

const pages = (mean: number): string => formatCount(Math.round(mean));

/** Three significant digits. */
export function digits(value: number | null): string {
  if (value === null) return '∞';
  return value >= 1000 ? formatCount(Number(value.toPrecision(3))) : Number(value.toPrecision(3)).toString();
}

interface Quantiles {
  readonly quantiles: readonly Quantile[];
}

const needs = ({ texts }: Said, quantile: Quantile | undefined): string =>
  texts.figures.needs(quantile ? formatCount(quantile.needs) : '?');

/** Milliseconds, `0.42 [0.41, 0.44]`, or how many queries are missing for them. */
export function quantileText(said: Said, measured: { readonly latencyMs: Quantiles }, p: number): string {
  const quantile = latencyQuantile(measured, p);
  return quantile?.estimate ? intervalText(quantile.estimate) : needs(said, quantile);
}

/** The same outside of a column of milliseconds: `0.42 [0.41, 0.44] ms`. */
export const quantileMsText = (said: Said, measured: { readonly latencyMs: Quantiles }, p: number): string =>
  `${quantileText(said, measured, p)}${latencyQuantile(measured, p)?.estimate ? ' ms' : ''}`;

/** For the console: `0.42 ms`, without the interval, or how many queries are missing for it. */
export function shortQuantileText(latencyMs: Quantiles, p: number): string {
  const quantile = latencyQuantile({ latencyMs }, p);
  return quantile?.estimate ? formatMs(quantile.estimate.value) : needs({ texts: { figures: en } }, quantile);
}
