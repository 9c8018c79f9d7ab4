import type { Answer, Change } from '../../nightly/index.js';
import type { Estimate } from '../../results/index.js';
import { formatBytes, formatMs } from '../../units.js';
import { code, escapeText } from '../text/markdown.js';
import { digits } from '../text/figures.js';

/** `−0.0021 [−0.0065, +0.0012]`: a difference of shares. */
export const shareDifference = ({ value, low, high }: Estimate): string =>
  `${signed(value, 4)} [${low === null ? '−1' : signed(low, 4)}, ${high === null ? '+1' : signed(high, 4)}]`;

/** `+1.2 % [−0.4 %, +2.9 %]`: a ratio less 1. */
export const ratioDifference = ({ value, low, high }: Estimate): string =>
  `${signedPercent(value)} [${low === null ? '−∞' : signedPercent(low)}, ${high === null ? '+∞' : signedPercent(high)}]`;

export const signedPercent = (share: number): string => `${signed(100 * share, 1)} %`;

function signed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  if (Number(text) === 0) return `±${text}`;
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** `**different**, worse` */
export function answerText(answer: Answer, isWorse: boolean): string {
  if (answer !== 'different') return answer;
  return `**different**, ${isWorse ? 'worse' : 'better'}`;
}

const NAMES: Readonly<Record<Change['what'], string>> = {
  pgvtune: 'pgvtune',
  dataset: 'Data (hash)',
  server: 'Server',
  postgresql: 'PostgreSQL',
  pgvector: 'pgvector',
  setting: 'Setting',
  processor: 'Processor of the client',
  cores: 'Cores of the client',
  memory: 'Memory of the client',
  node: 'Node.js',
  recommendation: 'Recommendation',
};

/** One change as Markdown: what it is, and both values. */
export function changeText({ what, name, base, candidate }: Change): string {
  const shown = (value: string | null): string =>
    value === null
      ? what === 'recommendation'
        ? 'none'
        : 'the default'
      : code(what === 'memory' ? formatBytes(Number(value)) : value);
  return `${NAMES[what]}${name === null ? '' : ` ${escapeText(name)}`}: ${shown(base)} → ${shown(candidate)}`;
}

/** A figure in its unit. */
export function figureText(figure: string, value: number): string {
  if (figure === 'index-bytes') return formatBytes(value);
  if (figure === 'recall' || figure === 'completeness') return value.toFixed(4);
  return figure === 'buffers' ? digits(value) : formatMs(value);
}
