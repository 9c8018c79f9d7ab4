import { choicePoint, type RunView, tuneAnswer } from '../run-view.js';

/** Name of the chart that the report shows; the file is beside it. */
export const RECALL_EFFORT_FILE = 'recall-effort.svg';

/** Whether an index is recommended: the chart is about that decision. */
export const hasRecallEffort = (run: RunView): boolean =>
  (choicePoint(run, tuneAnswer(run)?.recommendation ?? null)?.build.index ?? null) !== null;

/** Recall against effort about the decision. */
export function recallEffortSection(run: RunView): string {
  if (!hasRecallEffort(run)) return '';
  const { heading, image, caption } = run.texts.sections.recallEffort;
  return [`## ${heading}`, `![${image}](${RECALL_EFFORT_FILE})`, caption].join('\n\n');
}
