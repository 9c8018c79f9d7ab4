import type { Conditions } from '../results/index.js';
import { formatCount, formatPercent } from '../units.js';
import { escapeText } from './markdown.js';
import type { RunView } from './run-view.js';

/** What went on around the run's measurements, as rows of a table: name and text. Empty for runs that did not look. */
export function conditionsRows(run: RunView): readonly (readonly string[])[] {
  const points = [...run.points.values()];
  const seen = points.flatMap(({ conditions }) => conditions ?? []);
  if (seen.length === 0) return [];
  const states = new Map<string, number>();
  for (const { measured } of points) {
    if (measured?.cacheState) states.set(measured.cacheState, (states.get(measured.cacheState) ?? 0) + 1);
  }
  const moved = points.filter(({ findings }) => findings.some(({ code }) => code === 'canary-moved')).length;
  return [
    ['caches', [...states].map(([state, count]) => `${state}: ${formatCount(count)} points`).join(', ')],
    [
      'conditions',
      [
        `load ${range(seen, ({ machine }) => [machine.load.before, machine.load.after])} on ${seen[0]!.machine.cores} processors`,
        `processor time given to other machines at most ${range(seen, ({ machine }) => [machine.stealShare], 'most', formatPercent)}`,
        `checkpoints ${range(seen, ({ server }) => [server.checkpoints], 'most', formatCount)}`,
        `autovacuum workers ${range(seen, ({ server }) => [server.autovacuumWorkers], 'most', formatCount)}`,
        `sessions of others ${range(seen, ({ server }) => [server.otherSessions], 'most', formatCount)} (most at one measurement)`,
        `the machine changed during the measurement of ${formatCount(moved)} of ${formatCount(points.length)} points`,
      ].join('; '),
    ],
  ].map(([name = '', text = '']) => [name, escapeText(text)]);
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
  return show === 'most' ? most : `${format(Math.min(...known))} to ${most}`;
}
