import type { GrowthFigure, Predicted, RowLimit } from '../../capacity/index.js';
import { formatBytes, formatCount, formatMs } from '../../units.js';
import type { RunTexts } from '../text/run-texts.js';

/** How a figure that grows is called and written. */
export interface FigureText {
  readonly title: string;
  /** With a unit. */
  readonly text: (value: number) => string;
}

interface Said {
  readonly texts: Pick<RunTexts, 'sections'>;
}

const decimals = (value: number): string => Number(value.toPrecision(3)).toString();

const UNITS: Readonly<Record<GrowthFigure, FigureText['text']>> = {
  indexBytes: formatBytes,
  buildSeconds: (seconds) => formatMs(1000 * seconds),
  knob: decimals,
  buffers: formatCount,
  p50Ms: formatMs,
  p95Ms: formatMs,
};

/** @param knob name of the recall knob: `ef_search`, `probes` */
export function figureText({ texts }: Said, figure: GrowthFigure, knob: string): FigureText {
  return { title: texts.sections.capacity.figures[figure](knob), text: UNITS[figure] };
}

/** `1.2 ms [0.9, 1.6]`, the unit once where all three share it. */
export function intervalText({ value, low, high }: Predicted, { text }: FigureText): string {
  return `${text(value)} [${text(low)}, ${text(high)}]`;
}

/** What a limit is, and what to do beyond it. */
export const limitText = (
  { texts }: Said,
  { code, bound }: RowLimit,
  knob: string,
): { readonly why: string; readonly remedy: string } => texts.sections.capacity.limits[code](bound, knob);
