import type { FilterAnswer } from '../../../results/index.js';
import { formatPercent } from '../../../units.js';
import { escapeText, table } from '../../text/markdown.js';
import { reasonText, type RunView } from '../run-view.js';
import { recallText } from '../../text/figures.js';
import { exampleText, filterName } from './names.js';

/** What a user has who builds a vector index, adds a WHERE, and sets nothing. */
export function today(run: RunView, filters: readonly FilterAnswer[]): string {
  const { words, filtered: texts } = run.texts.sections;
  const rows = filters.flatMap((filter) => {
    const point = filter.today === null ? undefined : run.workloadPoints.get(filter.today);
    if (!point) return [];
    const { measured } = point;
    const head = [escapeText(filterName(run, filter)), escapeText(exampleText(filter))];
    if (!measured)
      return [[...head, `**${words.status[point.status]}**: ${escapeText(reasonText(run, point.reason))}`, '', '', '']];
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
    `### ${texts.defaults}`,
    ...(starved ? [texts.starved] : []),
    texts.defaultsIntro,
    table(
      [texts.filter, texts.suchAs, `${texts.rowsReturned}>`, `${texts.incomplete}>`, `${texts.empty}>`, words.recall],
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
    return [[escapeText(filterName(run, filter)), ...tenths.map((queries) => (queries === 0 ? '' : String(queries)))]];
  });
  const bins = Array.from({ length: 10 }, (_, i) => `${10 * i}–${10 * i + 9} %>`);
  const { filtered: texts } = run.texts.sections;
  return [texts.completeness, table([texts.filter, ...bins, '100 %>'], rows)].join('\n\n');
}
