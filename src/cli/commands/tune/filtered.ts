import { describeSettings } from '../../../indexes/index.js';
import { quantileText, type RunView } from '../../../reports/index.js';
import type { FilterAnswer } from '../../../results/index.js';
import { formatPercent } from '../../../units.js';

/** The answer for filtered queries, a line a filter, for people. */
export function filteredLines(run: RunView): readonly string[] {
  if (run.answer?.kind !== 'tune') return [];
  const { filtered = [], oneIndex } = run.answer;
  const lines = filtered.flatMap(({ filters, crossovers }) => [
    '',
    'Filtered queries:',
    ...filters.map((filter) => `  ${filter.name} (${filter.example}): ${bestText(run, filter)}`),
    ...crossovers.map(({ correlation, below, above, selectivity: { value } }) => {
      const share = `${Number((100 * value).toPrecision(2))} %`;
      return `  correlation ${correlation}: below ${share} of the rows ${below ?? 'nothing'}, above ${above ?? 'nothing'}`;
    }),
    ...warning(run, filters),
  ]);
  return oneIndex ? [...lines, `  ${oneIndex}`] : lines;
}

function bestText(run: RunView, { options, best }: FilterAnswer): string {
  const option = best === null ? undefined : options[best];
  if (!option) return 'no strategy reaches the target';
  const measured = option.point === null ? null : run.workloadPoints.get(option.point)?.measured;
  const { iterative_scan: _, ...settings } = option.settings;
  const text = describeSettings(settings);
  const median = measured ? `, p50 ${quantileText(measured, 0.5)} ms` : '';
  return `${option.title}${text === '–' ? '' : `, ${text}`}${median}`;
}

/** The vector index alone, as it is without anything set, where it loses the most rows. */
function warning(run: RunView, filters: readonly FilterAnswer[]): readonly string[] {
  const shares = filters.flatMap(({ name, today }) => {
    const measured = today === null ? null : run.workloadPoints.get(today)?.measured;
    return measured ? [{ name, mean: measured.completeness.mean }] : [];
  });
  const worst = shares.sort((a, b) => a.mean - b.mean)[0];
  if (!worst || worst.mean > 0.99) return [];
  return [
    `  Without iterative scan, ${worst.name} returns ${formatPercent(worst.mean, 0)} of the rows that exist, without an error.`,
  ];
}
