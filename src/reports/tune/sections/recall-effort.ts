import { choicePoint, type RunView, tuneAnswer } from '../run-view.js';

/** Name of the chart that the report shows; the file is beside it. */
export const RECALL_EFFORT_FILE = 'recall-effort.svg';

/** Whether an index is recommended: the chart is about that decision. */
export const hasRecallEffort = (run: RunView): boolean =>
  (choicePoint(run, tuneAnswer(run)?.recommendation ?? null)?.build.index ?? null) !== null;

/** Recall against effort about the decision. */
export const recallEffortSection = (run: RunView): string =>
  hasRecallEffort(run)
    ? [
        '## Recall and effort',
        `![Recall against buffers per query](${RECALL_EFFORT_FILE})`,
        'One curve per index, labelled with the values of its setting; the band is the 95 % interval of recall. The vertical axis is logarithmic in 1 − recall. The arrow leads from the cheapest setting that reaches the target on average to the recommendation: the price of the confidence.',
      ].join('\n\n')
    : '';
