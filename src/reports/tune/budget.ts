import { formatMs } from '../../units.js';
import { textOf } from '../text/index.js';
import { type RunView, tuneAnswer } from './run-view.js';

/** How much of the time that was given the run took; empty where it was not bounded. */
export function budgetLine(run: RunView): string {
  const budget = tuneAnswer(run)?.budget;
  if (!budget) return '';
  const [given, spent] = [budget.seconds, budget.spentSeconds].map((seconds) => formatMs(seconds * 1000, 2));
  const left =
    budget.omissions.length > 0
      ? ' More time would also measure what follows.'
      : ' Nothing was left out for want of time.';
  return `The run was given ${given} and took ${spent}.${left}`;
}

/** What was left out for want of time, a sentence each. */
export const omissionTexts = (run: RunView): readonly string[] =>
  (tuneAnswer(run)?.budget?.omissions ?? []).map((omission) => textOf(run.texts.omissions, omission));
