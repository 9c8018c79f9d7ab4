import type { Conditions, PointRecord } from '../../results/index.js';
import { formatCount, formatPercent } from '../../units.js';
import { escapeText } from '../text/markdown.js';
import type { RunView } from './run-view.js';

/** What went on around the run's measurements, as rows of a table: name and text. Empty for runs that did not look. */
export function conditionsRows(run: RunView): readonly (readonly string[])[] {
  const points = [...run.points.values(), ...run.workloadPoints.values()].filter(
    ({ fromRun }) => fromRun === undefined,
  );
  const taken = [...points, ...run.throughputs.values()];
  const seen = taken.flatMap(({ conditions }) => conditions ?? []);
  if (seen.length === 0) return [];
  const states = new Map<string, number>();
  for (const { measured } of points) {
    if (measured?.cache.state) states.set(measured.cache.state, (states.get(measured.cache.state) ?? 0) + 1);
  }
  const moved = taken.filter(({ findings }) => findings.some(({ code }) => code === 'canary-moved')).length;
  return [
    ...planCacheRows(points),
    ...(states.size > 0
      ? [['caches', [...states].map(([state, count]) => `${state}: ${formatCount(count)} points`).join(', ')]]
      : []),
    [
      'conditions',
      [
        `load ${range(seen, ({ machine }) => [machine.load.before, machine.load.after])} on ${seen[0]!.machine.cores} cores`,
        `CPU time of other virtual machines (steal) ${range(seen, ({ machine }) => [machine.stealShare], 'most', formatPercent)}`,
        `checkpoints ${range(seen, ({ server }) => [server.checkpoints], 'most', formatCount)}`,
        `autovacuum workers ${range(seen, ({ server }) => [server.autovacuumWorkers], 'most', formatCount)}`,
        `other sessions at one moment ${range(seen, ({ server }) => [server.otherSessions], 'most', formatCount)}`,
        `the machine changed during ${formatCount(moved)} of ${formatCount(taken.length)} measurements`,
      ].join('; '),
    ],
  ].map(([name = '', text = '']) => [name, escapeText(text)]);
}

/** How the server planned the prepared statements that were timed. */
function planCacheRows(points: readonly PointRecord[]): readonly (readonly string[])[] {
  const caches = points.flatMap(({ measured }) => measured?.planCache ?? []);
  if (caches.length === 0) return [];
  const modes = [...new Set(caches.map(({ mode }) => mode))].join(', ');
  const alike = caches.filter(({ generic, custom }) => generic === custom).length;
  const counted = caches.filter(({ genericPlans }) => genericPlans !== null);
  const mostly = counted.filter(({ genericPlans, customPlans }) => genericPlans! > customPlans!).length;
  return [
    [
      'prepared statements',
      [
        `plan_cache_mode ${modes}`,
        `at ${formatCount(alike)} of ${formatCount(caches.length)} points the generic plan equals the custom plan`,
        ...(counted.length > 0
          ? [`at ${formatCount(mostly)} of ${formatCount(counted.length)} the server mostly used the generic plan`]
          : []),
      ].join('; '),
    ],
  ];
}

/** Least and most of what is known, or the most alone; what no look could know is unknown. */
function range(
  seen: readonly Conditions[],
  values: (conditions: Conditions) => readonly (number | null)[],
  show: 'both' | 'most' = 'both',
  format: (value: number) => string = (value) => value.toFixed(1),
): string {
  const known = seen.flatMap(values).filter((value) => value !== null);
  if (known.length === 0) return 'unknown';
  const most = format(Math.max(...known));
  return show === 'most' ? `at most ${most}` : `${format(Math.min(...known))} to ${most}`;
}
