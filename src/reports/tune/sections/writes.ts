import type { Choice, FilterAnswer, WriteCost, WritesRecord } from '../../../results/index.js';
import { formatBytes, formatMs } from '../../../units.js';
import { escapeText, table } from '../../text/markdown.js';
import { filterName } from '../filtered/names.js';
import { describeBuild, type RunView, tuneAnswer } from '../run-view.js';

/** What each index that is compared adds to a write; empty where that was not measured. */
export function writesSection(run: RunView): string {
  const served = servedBy(run);
  const measured = [...run.writes.values()].filter(({ request }) => request.beside === undefined);
  const { words, writes: texts } = run.texts.sections;
  const rows = measured.flatMap((writes) => {
    const build = run.builds.get(writes.request.build);
    if (!build) return [];
    const names = served.get(build.key) ?? [];
    return [
      [
        escapeText(describeBuild(run, build)),
        escapeText(names.join('; ')),
        added(writes),
        writes.update ? added(writes.update) : '–',
        writes.delete ? added(writes.delete) : '–',
      ],
    ];
  });
  if (rows.length === 0) return '';
  return [
    `## ${texts.heading}`,
    texts.intro,
    table([words.index, texts.serves, 'INSERT>', `${texts.update}>`, 'DELETE>'], rows),
  ].join('\n\n');
}

/** `1.2 kB, 0.35 ms` */
function added({ with: own, without }: Pick<WritesRecord, 'with' | 'without'>): string {
  const extra = (of: keyof WriteCost): number => Math.max(0, own[of] - without[of]);
  return `${formatBytes(Math.round(extra('walBytes')))}, ${formatMs(extra('ms'))}`;
}

/** Names of what a build serves, by its key. */
function servedBy(run: RunView): ReadonlyMap<string, readonly string[]> {
  const answer = tuneAnswer(run);
  const { plainQueries, runnerUp } = run.texts.sections.words;
  const served = new Map<string, string[]>();
  const add = (build: string, name: string): void => {
    const names = served.get(build) ?? [];
    if (!names.includes(name)) served.set(build, [...names, name]);
  };
  const ofChoice = (choice: Choice | null | undefined, name: string): void => {
    if (choice) add(choice.build, name);
  };
  ofChoice(answer?.recommendation, plainQueries);
  ofChoice(answer?.runnerUp, runnerUp);
  for (const { rule, choice } of answer?.baselines ?? []) ofChoice(choice, run.texts.baselines[rule].name);
  for (const { filters } of answer?.filtered ?? []) for (const filter of filters) ofFilter(run, filter, add);
  return served;
}

function ofFilter(run: RunView, filter: FilterAnswer, add: (build: string, name: string) => void): void {
  const { options, best } = filter;
  for (const key of best === null ? [] : options[best]!.builds) add(key, filterName(run, filter));
}
