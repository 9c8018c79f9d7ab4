import type { FilteredAnswer } from '../../../results/index.js';
import { formatCount } from '../../../units.js';
import { apply } from '../filtered/apply.js';
import { filterDetails, remarksOn, seldomLookedAt } from '../filtered/details.js';
import { crossovers, map } from '../filtered/map.js';
import { joins, wrongPlans } from '../filtered/notes.js';
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
  const isGrid = filters.some(({ cell }) => cell !== null);
  return [
    number === 0 ? '## Filtered queries' : `## Filtered queries, workload ${number + 1}`,
    `The cheapest strategy for \`WHERE … ORDER BY distance LIMIT\` that is shown to reach a recall of ${recall}, on ${formatCount(rows)} rows. ` +
      'Each strategy was measured with only its own indexes visible to the planner, and its plan was checked. *p50*: median latency of one query in milliseconds.',
    ...(isGrid
      ? [
          map(run, answer),
          crossovers(run, answer),
          `![Median latency of each strategy by selectivity](${strategyChartFile(number)})`,
        ]
      : []),
    today(run, filters),
    wrongPlans(run, filters),
    joins(run, filters),
    apply(run, filters),
    '### Every filter and strategy',
    seldomLookedAt(run, filters),
    ...filters.map((filter) => filterDetails(run, filter)),
    remarksOn(run, filters),
  ]
    .filter(Boolean)
    .join('\n\n');
}
