import { bestOfFilter, exampleText, filterName, type RunView, strategyTitle } from '../../../reports/index.js';
import type { FilterAnswer } from '../../../results/index.js';
import { formatPercent } from '../../../units.js';

/** The answer for filtered queries, a line a filter, for people. */
export function filteredLines(run: RunView): readonly string[] {
  if (run.answer?.kind !== 'tune') return [];
  const { filtered = [] } = run.answer;
  return filtered.flatMap(({ filters, crossovers }) => [
    '',
    'Filtered queries:',
    ...filters.map((filter) => `  ${filterName(run, filter)} (${exampleText(filter)}): ${bestOfFilter(run, filter)}`),
    ...crossovers.map(({ correlation, below, above, selectivity: { value } }) => {
      const share = `${Number((100 * value).toPrecision(2))} %`;
      return `  correlation ${correlation}: below ${share} of the rows ${below ? strategyTitle(run, below) : 'nothing'}, above ${above ? strategyTitle(run, above) : 'nothing'}`;
    }),
    ...warning(run, filters),
  ]);
}

/** The vector index alone, as it is without anything set, where it loses the most rows. */
function warning(run: RunView, filters: readonly FilterAnswer[]): readonly string[] {
  const shares = filters.flatMap((filter) => {
    const measured = filter.today === null ? null : run.workloadPoints.get(filter.today)?.measured;
    return measured ? [{ name: filterName(run, filter), mean: measured.completeness.mean }] : [];
  });
  const worst = shares.sort((a, b) => a.mean - b.mean)[0];
  if (!worst || worst.mean > 0.99) return [];
  return [
    `  Without iterative scan, ${worst.name} returns ${formatPercent(worst.mean, 0)} of the rows that exist, without an error.`,
  ];
}
