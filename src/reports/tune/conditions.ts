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
  const { caches } = run.texts.sections.words;
  const states = new Map<keyof typeof caches, number>();
  for (const { measured } of points) {
    if (measured?.cache.state) states.set(measured.cache.state, (states.get(measured.cache.state) ?? 0) + 1);
  }
  const texts = run.texts.sections.conditions;
  const moved = taken.filter(({ findings }) => findings.some(({ code }) => code === 'canary-moved')).length;
  return [
    ...planCacheRows(run, points),
    ...(states.size > 0
      ? [[texts.caches, [...states].map(([state, count]) => texts.cachePoints(caches[state], count)).join(', ')]]
      : []),
    [
      texts.conditions,
      [
        texts.load(
          range(run, seen, ({ machine }) => [machine.load.before, machine.load.after]),
          seen[0]!.machine.cores,
        ),
        texts.otherWork(range(run, seen, ({ machine }) => [machine.otherWork?.share ?? null], 'most', formatPercent)),
        texts.steal(range(run, seen, ({ machine }) => [machine.stealShare], 'most', formatPercent)),
        texts.checkpoints(range(run, seen, ({ server }) => [server.checkpoints], 'most', formatCount)),
        texts.autovacuum(range(run, seen, ({ server }) => [server.autovacuumWorkers], 'most', formatCount)),
        texts.otherSessions(range(run, seen, ({ server }) => [server.otherSessions], 'most', formatCount)),
        texts.machineChanged(moved, taken.length),
      ].join('; '),
    ],
  ].map(([name = '', text = '']) => [name, escapeText(text)]);
}

/** How the server planned the prepared statements that were timed. */
function planCacheRows({ texts }: RunView, points: readonly PointRecord[]): readonly (readonly string[])[] {
  const caches = points.flatMap(({ measured }) => measured?.planCache ?? []);
  if (caches.length === 0) return [];
  const modes = [...new Set(caches.map(({ mode }) => mode))].join(', ');
  const alike = caches.filter(({ generic, custom }) => generic === custom).length;
  const counted = caches.filter(({ genericPlans }) => genericPlans !== null);
  const mostly = counted.filter(({ genericPlans, customPlans }) => genericPlans! > customPlans!).length;
  const { prepared, genericEqualsCustom, mostlyGeneric } = texts.sections.conditions;
  return [
    [
      prepared,
      [
        `plan_cache_mode ${modes}`,
        genericEqualsCustom(alike, caches.length),
        ...(counted.length > 0 ? [mostlyGeneric(mostly, counted.length)] : []),
      ].join('; '),
    ],
  ];
}

/** Least and most of what is known, or the most alone; what no look could know is unknown. */
function range(
  { texts }: RunView,
  seen: readonly Conditions[],
  values: (conditions: Conditions) => readonly (number | null)[],
  show: 'both' | 'most' = 'both',
  format: (value: number) => string = (value) => value.toFixed(1),
): string {
  const known = seen.flatMap(values).filter((value) => value !== null);
  const { words, conditions } = texts.sections;
  if (known.length === 0) return words.unknown;
  const most = format(Math.max(...known));
  return show === 'most' ? conditions.atMost(most) : conditions.fromTo(format(Math.min(...known)), most);
}
