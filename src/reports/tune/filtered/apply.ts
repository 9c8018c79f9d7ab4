import type { FilterAnswer } from '../../../results/index.js';
import { escapeText, sqlBlock } from '../../text/markdown.js';
import { type RunView, tuneAnswer } from '../run-view.js';
import { filteredSql } from '../sql/filtered.js';
import { exampleText, filterName, titleMarkdown } from './names.js';

/** The statements of the best strategy of each filter. */
export function apply(run: RunView, filters: readonly FilterAnswer[]): string {
  const parts = filters.flatMap((filter) => {
    const option = filter.best === null ? undefined : filter.options[filter.best];
    const sql = option && filteredSql(run, filter, option);
    if (!sql) return [];
    return [
      [
        `**${escapeText(filterName(filter))}** (such as ${escapeText(exampleText(filter))}): ${titleMarkdown(run, option)}`,
        sqlBlock([...sql.build, ...sql.query]),
        ...(sql.check.length > 0 ? ['Check it with the values of one query:', sqlBlock(sql.check)] : []),
        ...(sql.undo.length > 0 ? ['Undo:', sqlBlock(sql.undo)] : []),
      ].join('\n\n'),
    ];
  });
  if (parts.length === 0) return '';
  return [
    '### Each strategy alone on the table',
    ...(tuneAnswer(run)?.configuration
      ? [
          'Each block was measured with only its own indexes: if several exist, the planner may use one for the queries of another. *One configuration for the table*, above, was measured together.',
        ]
      : []),
    '`$1` is the query vector, `$2` … are the values of the filter. Prepared statements need `plan_cache_mode = force_custom_plan`: a generic plan, made without the value, can use no partial index and fits either rare or frequent values, not both.',
    ...parts,
  ].join('\n\n');
}
