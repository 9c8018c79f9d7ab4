import type { FilterAnswer, PageWalk } from '../../../results/index.js';
import { formatPercent } from '../../../units.js';
import { recallText } from '../../text/figures.js';
import { escapeText, sqlBlock, table } from '../../text/markdown.js';
import { reasonText, type RunView } from '../run-view.js';
import { nextPageSql } from '../sql/filtered.js';
import { filterName, titleMarkdown } from './names.js';

/** What readers of several pages get, by OFFSET and by keyset. */
export function pages(run: RunView, filters: readonly FilterAnswer[]): string {
  const { filtered: texts } = run.texts.sections;
  const parts = filters.flatMap((filter) => {
    const record = filter.pages === undefined ? undefined : run.pages.get(filter.pages);
    const option = filter.best === null ? undefined : filter.options[filter.best];
    if (!record || !option) return [];
    const { walks, queries } = record;
    const numbers = [...new Set(walks.flatMap((walk) => walk.pages.map(({ page }) => page)))];
    const rows = numbers.map((page) => [String(page), ...walks.flatMap((walk) => cellsOf(walk, page))]);
    const next = nextPageSql(run, filter, option);
    return [
      texts.pagesOf(escapeText(filterName(run, filter)), titleMarkdown(run, option), queries),
      ...(rows.length > 0 ? [table([texts.page, ...walks.flatMap(({ by }) => texts.pageHeads(by))], rows)] : []),
      ...walks.map((walk) =>
        walk.reason
          ? texts.walkVoid(walk.by, escapeText(reasonText(run, walk.reason)))
          : texts.walk({ ...walk, queries }),
      ),
      ...(next ? [texts.nextPage, sqlBlock(next)] : []),
    ];
  });
  return parts.length === 0 ? '' : [`### ${texts.pages}`, ...parts].join('\n\n');
}

function cellsOf(walk: PageWalk, number: number): readonly string[] {
  const page = walk.pages.find((one) => one.page === number);
  if (!page) return ['', '', '', ''];
  const { recall, completeness, medianMs, p95Ms } = page;
  return [recallText(recall), formatPercent(completeness, 0), medianMs.toPrecision(3), p95Ms.toPrecision(3)];
}
