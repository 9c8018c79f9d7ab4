import { describeChoice } from '../../../indexes/index.js';
import type { ConfidencePrice, CostComparison } from '../../../results/index.js';
import { formatCount, formatExcess, formatPercent } from '../../../units.js';
import type { Catalogue } from '../catalogue.js';
import { confidenceText } from '../figures.js';

/** What the confidence in the recall costs. */
export const confidencePrices: Catalogue<ConfidencePrice> = {
  nothing: ({ recall }) =>
    `The confidence costs nothing: no cheaper setting that was measured has a mean recall of ${recall}.`,
  costs: ({ recall, confidence, cheapest, mean, shown, buffers, p95, queries, within }) =>
    [
      `The cheapest setting with a mean recall of at least ${recall} is ${describeChoice(cheapest)}. Its mean over these queries is ${mean.toFixed(4)}; ${shownText({ recall, shown })}.`,
      `The recommendation reaches ${recall} with ${confidenceText(confidence)} confidence. For that it takes ${timesText(buffers)} (${buffers.one.buffers.toFixed(0)} instead of ${buffers.other.buffers.toFixed(0)}); ${latencyText(p95)}.`,
      queries === null
        ? `No number of queries is known to close the gap.`
        : `About ${formatCount(queries)} validation queries would be enough to show a setting that takes at most ${formatPercent(within, 0)} more buffers than the cheapest.`,
    ].join(' '),
};

/** A capital that did not double shows nothing. */
const shownText = ({ recall, shown }: { readonly recall: number; readonly shown: number }): string =>
  shown < 0.5
    ? `they do not show that it reaches ${recall}`
    : `they show that it reaches ${recall} with ${confidenceText(Number(shown.toPrecision(2)))} confidence`;

function timesText({ ratio }: CostComparison): string {
  if (ratio === null) return 'another number of buffers';
  if (ratio >= 2) return `${ratio.toFixed(1)} times the buffers`;
  return ratio >= 1 ? `${formatExcess(ratio)} more buffers` : `${formatPercent(1 - ratio, 0)} fewer buffers`;
}

function latencyText({ verdict, ratio, low, high }: CostComparison): string {
  if (ratio === null || verdict === 'undecided' || verdict === 'equivalent')
    return 'its p95 latency is not distinguishable';
  const interval = `[${low.toFixed(2)}, ${high === null ? '∞' : high.toFixed(2)}]`;
  return `its p95 latency is ${ratio.toFixed(2)} ${interval} times as high`;
}
