import type { FilterAnswer } from '../../../results/index.js';
import { escapeText, sqlBlock } from '../../text/markdown.js';
import { type RunView, tuneAnswer } from '../run-view.js';
import { filteredSql } from '../sql/filtered.js';
import { settingsCost } from '../transaction-cost.js';
import { exampleText, filterName, pointOfOption, titleMarkdown } from './names.js';

/** The statements of the best strategy of each filter. */
export function apply(run: RunView, filters: readonly FilterAnswer[]): string {
  const { words, filtered: texts } = run.texts.sections;
  const parts = filters.flatMap((filter) => {
    const option = filter.best === null ? undefined : filter.options[filter.best];
    const sql = option && filteredSql(run, filter, option);
    if (!sql) return [];
    return [
      [
        texts.applied(escapeText(filterName(run, filter)), escapeText(exampleText(filter)), titleMarkdown(run, option)),
        sqlBlock([...sql.build, ...sql.query]),
        // Where there is one recommendation for the whole table, it says so there.
        ...(tuneAnswer(run)?.configuration ? [] : settingsCost(run, pointOfOption(run, option)?.measured ?? null)),
        ...(sql.check.length > 0 ? [texts.check, sqlBlock(sql.check)] : []),
        ...(sql.undo.length > 0 ? [words.undo, sqlBlock(sql.undo)] : []),
      ].join('\n\n'),
    ];
  });
  if (parts.length === 0) return '';
  return [
    `### ${texts.alone}`,
    ...(tuneAnswer(run)?.configuration ? [texts.aloneIntro] : []),
    texts.parameters,
    ...parts,
  ].join('\n\n');
}
