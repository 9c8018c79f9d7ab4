import type { FilteredAnswer } from '../../../results/index.js';
import { apply } from '../filtered/apply.js';
import { filterDetails, remarksOn, seldomLookedAt } from '../filtered/details.js';
import { crossovers, map } from '../filtered/map.js';
import { fewRows, joins, wrongPlans } from '../filtered/notes.js';
import { pages } from '../filtered/pages.js';
import { today } from '../filtered/today.js';
import type { RunView } from '../run-view.js';

/** The chart of a filtered workload; the file is beside the report. */
export const strategyChartFile = (number: number): string =>
  `filtered-strategies${number === 0 ? '' : `-${number + 1}`}.svg`;

/** What to do for filtered queries: the map, where it changes, what happens today, and the figures of every strategy. */
export function filteredSection(run: RunView): string {
  const answers = run.answer?.kind === 'tune' ? (run.answer.filtered ?? []) : [];
  return answers.map((answer, number) => workloadSection(run, answer, number)).join('\n\n');
}

function workloadSection(run: RunView, answer: FilteredAnswer, number: number): string {
  const { filters, rows, recall } = answer;
  const { filtered: texts } = run.texts.sections;
  const isGrid = filters.some(({ cell }) => cell !== null);
  return [
    `## ${texts.heading(number)}`,
    texts.intro(recall, rows),
    ...(isGrid ? [map(run, answer), crossovers(run, answer), `![${texts.image}](${strategyChartFile(number)})`] : []),
    today(run, filters),
    wrongPlans(run, filters),
    fewRows(run, filters),
    joins(run, filters),
    apply(run, filters),
    pages(run, filters),
    `### ${texts.everyStrategy}`,
    seldomLookedAt(run, filters),
    ...filters.map((filter) => filterDetails(run, filter)),
    remarksOn(run, filters),
  ]
    .filter(Boolean)
    .join('\n\n');
}
