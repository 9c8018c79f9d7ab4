import type { CostComparison } from '../../../results/index.js';
import { formatBytes, formatExcess, formatMs, formatPercent } from '../../../units.js';
import { buffers as bufferCount } from './plural.js';
import { goals } from './target.js';

/** The cost of one beside that of the other: `p95 задержки больше на 16 % [14 %, 18 %]`. */
export function comparisonText({ goal, verdict, ratio, low, high, margin }: CostComparison): string {
  const isExact = low === high;
  switch (verdict) {
    case 'more': {
      const interval = isExact ? '' : ` [${formatExcess(low)}, ${high === null ? '∞' : formatExcess(high)}]`;
      return `${goals[goal]} больше${ratio === null ? '' : ` на ${formatExcess(ratio)}${interval}`}`;
    }
    case 'less': {
      const interval = isExact ? '' : ` [${reduction(high ?? 1)}, ${reduction(low)}]`;
      return `${goals[goal]} меньше${ratio === null ? '' : ` на ${reduction(ratio)}${interval}`}`;
    }
    case 'equivalent':
      return margin === 0
        ? `${goals[goal]} — без разницы`
        : `${goals[goal]} — равенство в пределах ${formatPercent(margin, 0)} (${ratioText({ ratio, low, high })})`;
    case 'undecided':
      return `${goals[goal]} — различие не установлено (${ratioText({ ratio, low, high })})`;
  }
}

/** By how much something is below another, two digits: `0.877` → `12 %`. */
const reduction = (ratio: number): string => `${Number((100 * (1 - ratio)).toPrecision(2))} %`;

const ratioText = ({ ratio, low, high }: Pick<CostComparison, 'ratio' | 'low' | 'high'>): string =>
  `отношение ${ratio === null ? 'неизвестно' : ratio.toFixed(3)} [${low.toFixed(3)}, ${high === null ? '∞' : high.toFixed(3)}]`;

/** What the first of two takes beside its cost, and the second. */
export const upkeepText = ({ one, other }: CostComparison): string =>
  `затраты: ${upkeep(one)}; у рекомендации: ${upkeep(other)}`;

function upkeep({ buffers, indexBytes, buildSeconds }: CostComparison['one']): string {
  const index =
    indexBytes === 0 ? 'без индекса' : `индекс ${formatBytes(indexBytes)}, построение ${formatMs(1000 * buildSeconds)}`;
  return `${bufferCount(buffers)} на запрос, ${index}`;
}

/** What something is expected to cost: `на 8 % дороже, чем индекс pgvector по умолчанию`. */
export function besideDefault(ratio: number): string {
  const percent = Math.round(100 * (ratio - 1));
  if (percent === 0) return 'примерно во столько же, во сколько индекс pgvector по умолчанию';
  return `на ${Math.abs(percent)} % ${percent > 0 ? 'дороже' : 'дешевле'}, чем индекс pgvector по умолчанию`;
}
