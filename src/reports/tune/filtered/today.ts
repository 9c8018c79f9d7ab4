import type { FilterAnswer } from '../../../results/index.js';
import { formatPercent } from '../../../units.js';
import { escapeText, table } from '../../text/markdown.js';
import { reasonText, type RunView } from '../run-view.js';
import { recallText } from '../../text/figures.js';
import { exampleText, filterName } from './names.js';

/** What a user has who builds a vector index, adds a WHERE, and sets nothing. */
export function today(run: RunView, filters: readonly FilterAnswer[]): string {
  const rows = filters.flatMap((filter) => {
    const point = filter.today === null ? undefined : run.workloadPoints.get(filter.today);
    if (!point) return [];
    const { measured } = point;
    const head = [escapeText(filterName(filter)), escapeText(exampleText(filter))];
    if (!measured) return [[...head, `**${point.status}**: ${escapeText(reasonText(run, point.reason))}`, '', '', '']];
    const { completeness, recall } = measured;
    return [
      [
        ...head,
        formatPercent(completeness.mean, 0),
        formatPercent(completeness.shortQueries / recall.queries, 0),
        formatPercent((completeness.empty ?? 0) / recall.queries, 0),
        recallText(recall.mean),
      ],
    ];
  });
  if (rows.length === 0) return '';
  const starved = filters.some(
    ({ today: key }) => (run.workloadPoints.get(key ?? '')?.measured?.completeness.mean ?? 1) < 0.99,
  );
  return [
    '### With default settings',
    ...(starved
      ? [
          '> **Warning.** Without iterative scan the index gives its `ef_search` nearest rows and the filter throws most of them away: queries return **fewer rows than exist**, without an error. ' +
            'Where the planner scans the table instead, answers are complete but slow.',
        ]
      : []),
    'The vector index at its defaults, iterative scan off:',
    table(
      [
        'filter',
        'such as',
        'rows returned of those that exist>',
        'incomplete queries>',
        'empty queries>',
        'recall [95 %]',
      ],
      rows,
    ),
    ...(starved ? [completenessHistograms(run, filters)] : []),
  ].join('\n\n');
}

/** A mean of one half may be every query with half of its rows, or half of the queries with none. */
function completenessHistograms(run: RunView, filters: readonly FilterAnswer[]): string {
  const rows = filters.flatMap((filter) => {
    const { today: key } = filter;
    const measured = run.workloadPoints.get(key ?? '')?.measured;
    const tenths = measured?.completeness.tenths;
    if (!measured || !tenths) return [];
    return [[escapeText(filterName(filter)), ...tenths.map((queries) => (queries === 0 ? '' : String(queries)))]];
  });
  const bins = Array.from({ length: 10 }, (_, i) => `${10 * i}–${10 * i + 9} %>`);
  return [
    'Number of queries by the share of the existing rows that they returned:',
    table(['filter', ...bins, '100 %>'], rows),
  ].join('\n\n');
}
