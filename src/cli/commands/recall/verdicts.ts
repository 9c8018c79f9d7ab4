import type { LiveRecall } from '../../../live/index.js';
import type { Colors } from '../../style.js';

const TEXTS = {
  reached: 'reached',
  'not reached': 'missed: the whole interval lies below it',
  inconclusive: 'undecided: it lies within the interval. Use more --queries',
} as const;

const isJudged = (verdict: LiveRecall['verdict']): verdict is keyof typeof TEXTS => verdict in TEXTS;

/** Whether the recall that was asked for is reached; nothing where none was. @param by by what, if not by the mean */
export function judgedLine(
  verdict: LiveRecall['verdict'],
  target: number | undefined,
  paint: Colors,
  by?: string,
): readonly string[] {
  if (target === undefined || !isJudged(verdict)) return [];
  const color = { reached: paint.green, 'not reached': paint.red, inconclusive: paint.yellow }[verdict];
  const text = by === undefined ? TEXTS[verdict] : `${WORDS[verdict]} ${by}`;
  return [color(`  Recall ${target} is ${text}.`)];
}

const WORDS = { reached: 'reached', 'not reached': 'not reached', inconclusive: 'not shown to be reached' } as const;
