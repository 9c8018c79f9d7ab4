import type { Estimate } from '../../results/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../units.js';
import { recallText } from './figures.js';

/** How a language writes the figures of an audit. */
export interface AuditFigures {
  readonly count: (count: number) => string;
  readonly bytes: (bytes: number) => string;
  readonly ms: (ms: number) => string;
  readonly percent: (share: number, decimals?: number) => string;
  readonly decimal: (value: number, decimals: number) => string;
  /** With its interval. */
  readonly recall: (recall: Estimate) => string;
}

/** `1,234.5` */
export const english: AuditFigures = {
  count: formatCount,
  bytes: formatBytes,
  ms: formatMs,
  percent: formatPercent,
  decimal: (value, decimals) => (value >= 1000 ? formatCount(value) : value.toFixed(decimals)),
  recall: recallText,
};

/** `1 234,5`, with a space that breaks no line. */
const inRussian = (figure: string): string => figure.replaceAll(',', '\u{a0}').replace('.', ',');

export const russian: AuditFigures = {
  count: (count) => inRussian(english.count(count)),
  bytes: (bytes) => inRussian(english.bytes(bytes)),
  ms: (ms) => inRussian(english.ms(ms)),
  percent: (share, decimals) => inRussian(english.percent(share, decimals)),
  decimal: (value, decimals) => inRussian(english.decimal(value, decimals)),
  recall: (recall) => recallText(recall).replace(', ', '; ').replaceAll('.', ','),
};
