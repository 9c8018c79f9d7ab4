import type { RunView } from '../run-view.js';

/** Name of the chart that the report shows; the file is beside it. */
export const RECALL_LATENCY_FILE = 'recall-latency.svg';

/** Whether there is anything to draw. */
export const hasRecallLatency = ({ points }: RunView): boolean => [...points.values()].some(({ measured }) => measured);

/** The chart of every plain point. */
export const recallLatencySection = (run: RunView): string =>
  hasRecallLatency(run)
    ? [
        '## Recall and latency',
        `![Recall against median latency](${RECALL_LATENCY_FILE})`,
        'Solid markers: measured interleaved, with 95 % intervals. Faint markers: measured during the search, one at a time. A triangle marks a recall below the axis.',
      ].join('\n\n')
    : '';
