import type { CostComparison, Upkeep } from '../../../results/index.js';
import { formatBytes, formatExcess, formatMs, formatPercent, formatReduction } from '../../../units.js';
import { bufferCount } from './plural.js';
import { goals } from './target.js';

/** The cost of one beside that of the other: `its p95 latency is 16 % [14 %, 18 %] higher`. */
export function comparisonText({ goal, verdict, ratio, low, high, margin }: CostComparison): string {
  const isExact = low === high;
  switch (verdict) {
    case 'more': {
      const interval = isExact ? '' : ` [${formatExcess(low)}, ${high === null ? '∞' : formatExcess(high)}]`;
      return `its ${goals[goal]} is ${ratio === null ? '' : `${formatExcess(ratio)}${interval} `}higher`;
    }
    case 'less': {
      const interval = isExact ? '' : ` [${formatReduction(high ?? 1)}, ${formatReduction(low)}]`;
      return `its ${goals[goal]} is ${ratio === null ? '' : `${formatReduction(ratio)}${interval} `}lower`;
    }
    case 'equivalent':
      return margin === 0
        ? `its ${goals[goal]} is the same`
        : `its ${goals[goal]} is equivalent within ${formatPercent(margin, 0)} (${ratioText({ ratio, low, high })})`;
    case 'undecided':
      return `its ${goals[goal]} is not distinguishable (${ratioText({ ratio, low, high })})`;
  }
}

const ratioText = ({ ratio, low, high }: Pick<CostComparison, 'ratio' | 'low' | 'high'>): string =>
  `ratio ${ratio === null ? 'unknown' : ratio.toFixed(3)} [${low.toFixed(3)}, ${high === null ? '∞' : high.toFixed(3)}]`;

/** What the first of two takes beside its cost, and the second. */
export const upkeepText = ({ one, other }: CostComparison): string =>
  `it takes ${upkeep(one)}; the recommendation takes ${upkeep(other)}`;

function upkeep({ buffers, indexBytes, buildSeconds }: Upkeep): string {
  const index =
    indexBytes === 0
      ? 'no index'
      : `an index of ${formatBytes(indexBytes)} and ${formatMs(1000 * buildSeconds)} to build`;
  return `${bufferCount(buffers)} per query, ${index}`;
}
