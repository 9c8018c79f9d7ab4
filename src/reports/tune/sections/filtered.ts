import type { FilteredAnswer } from '../../../results/index.js';
import { formatCount, formatPercent } from '../../../units.js';
import { apply } from '../filtered/apply.js';
import { filterDetails, remarksOn, seldomLookedAt } from '../filtered/details.js';
import { crossovers, map } from '../filtered/map.js';
import { joins, wrongPlans } from '../filtered/notes.js';
import { today } from '../filtered/today.js';
import { writeCosts } from '../filtered/writes.js';
import type { RunView } from '../run-view.js';

/** The chart of a filtered workload; it lies beside the report. */
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
    `Which way to serve \`WHERE … ORDER BY distance LIMIT\` is the cheapest that is shown to find ${formatPercent(recall, 0)} of the nearest rows, of ${formatCount(rows)}. ` +
      'Each strategy was measured with only its own indexes in sight, and its plan was proved. *p50*: median milliseconds of one query.',
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
    writeCosts(run, filters),
    '### Every filter and strategy',
    seldomLookedAt(run, filters),
    ...filters.map((filter) => filterDetails(run, filter)),
    remarksOn(run, filters),
  ]
    .filter(Boolean)
    .join('\n\n');
}
