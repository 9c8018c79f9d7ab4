import type { LiveRecall, LiveSweep } from '../../../live/index.js';
import { recallText, shortQuantileText } from '../../../reports/index.js';
import { formatPercent } from '../../../units.js';
import { aligned } from '../../aligned.js';
import { groupName } from './groups.js';

/** Recall and latency at every value of a setting. */
export function sweepLines({ asked, by }: LiveRecall, sweep: LiveSweep, target: number | undefined): readonly string[] {
  const rows = by
    ? [
        [sweep.setting, `recall@${asked.k}`, 'lowest of a group', 'group'],
        ...sweep.values.map((value, i) => {
          const { worst, recall } = worstAt(by.groups, i);
          return [String(value), recallText(sweep.means[i]!), recallText(recall), groupName(worst)];
        }),
      ]
    : [
        [
          sweep.setting,
          `recall@${asked.k}`,
          'min',
          'rows lost',
          'p50',
          'p95',
          'buffers',
          ...(target === undefined ? [] : [`reach ${target}`]),
          'plan',
        ],
        ...sweep.steps.map(({ value, plan, measured: { recall, completeness, latencyMs, buffers, shareReached } }) => [
          String(value),
          recallText(recall.mean),
          recall.min.toFixed(2),
          formatPercent(1 - completeness.mean),
          shortQuantileText(latencyMs.again, 0.5),
          shortQuantileText(latencyMs.again, 0.95),
          buffers.mean.value.toFixed(0),
          ...(target === undefined || !shareReached ? [] : [formatPercent(shareReached.value)]),
          plan.text,
        ]),
      ];
  return ['', ...aligned(rows), ...leastLines(sweep, target, by !== null)];
}

function worstAt(groups: NonNullable<LiveRecall['by']>['groups'], step: number) {
  const [worst] = groups
    .map(({ value, steps }) => ({ worst: value, recall: steps[step]!.measured.recall.mean }))
    .toSorted((a, b) => a.recall.value - b.recall.value);
  return worst!;
}

function leastLines(
  { setting, lowest, lowestForEvery, values }: LiveSweep,
  target: number | undefined,
  grouped: boolean,
): readonly string[] {
  if (target === undefined) return [];
  const text = (value: number | null): string => (value === null ? `none, not even ${values.at(-1)}` : String(value));
  return [
    '',
    `Lowest ${setting} that is shown to reach ${target} on average: ${text(lowest)}`,
    ...(grouped ? [`Lowest ${setting} that every group is shown to reach it with: ${text(lowestForEvery)}`] : []),
  ];
}
