import type { RunView } from '../run-view.js';

/** Name of the chart that the report shows; the file is beside it. */
export const RECALL_LATENCY_FILE = 'recall-latency.svg';

/** Whether there is anything to draw. */
export const hasRecallLatency = ({ points }: RunView): boolean => [...points.values()].some(({ measured }) => measured);

/** The chart of every plain point. */
export function recallLatencySection(run: RunView): string {
  if (!hasRecallLatency(run)) return '';
  const { heading, image, caption } = run.texts.sections.recallLatency;
  return [`## ${heading}`, `![${image}](${RECALL_LATENCY_FILE})`, caption].join('\n\n');
}
