import { formatMs } from '../../units.js';
import { textOf } from '../text/index.js';
import { type RunView, tuneAnswer } from './run-view.js';

/** How much of the time that was given the run took; empty where it was not bounded. */
export function budgetLine(run: RunView): string {
  const budget = tuneAnswer(run)?.budget;
  if (!budget) return '';
  const text = (seconds: number): string => formatMs(seconds * 1000, 2);
  const [given, spent] = [text(budget.seconds), text(budget.spentSeconds)];
  return run.texts.sections.time.spent(given, spent, budget.omissions.length > 0);
}

/** What was left out for want of time, a sentence each. */
export const omissionTexts = (run: RunView): readonly string[] =>
  (tuneAnswer(run)?.budget?.omissions ?? []).map((omission) => textOf(run.texts.omissions, omission));
