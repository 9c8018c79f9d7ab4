import { describeSpec, indexKind, recallKnob } from '../../../indexes/index.js';
import type { IndexSpec } from '../../../vocabulary.js';
import { formatCount } from '../../../units.js';
import { code, escapeText, table } from '../../text/markdown.js';
import { type RunView, tuneAnswer } from '../run-view.js';

/** What was chosen on a subset of the rows, and how what was extrapolated from it compares with what was measured. */
export function subsetChoiceSection(run: RunView): string {
  const choice = tuneAnswer(run)?.subsetChoice;
  if (!choice) return '';
  const { control, rows, built } = choice;
  const { rows: all } = run.manifest.dataset;
  const row = (spec: IndexSpec, of: number, value: string, how: string): readonly string[] => [
    escapeText(describeSpec(spec)),
    code(recallKnob(indexKind(spec.method))?.name ?? ''),
    formatCount(of),
    value,
    how,
  ];
  const names = built.map(({ spec }) => escapeText(describeSpec(spec))).join(' and ');
  return [
    '## Chosen on a subset',
    `Method, build parameters and representation were chosen on a random subset of ${formatCount(rows)} of the ${formatCount(all)} rows (${code('rows_budget')}). Only ${names} ${built.length === 1 ? 'was' : 'were'} built on all rows. Every figure of the decision was measured on all rows. The rejected indexes were compared on the subset alone: one of them may be cheaper on all rows.`,
    table(
      ['index', 'setting', 'rows>', 'reaches the search recall at>', ''],
      [
        ...control.sizes.map((size) =>
          row(
            control.spec,
            size.rows,
            size.reaches ? formatCount(size.value) : `not at ${formatCount(size.value)}`,
            'measured',
          ),
        ),
        row(control.spec, all, formatCount(control.expected), 'extrapolated'),
        ...built.flatMap(({ spec, expected, reached }) => [
          row(spec, all, formatCount(expected), 'extrapolated'),
          row(spec, all, reached === null ? 'no value' : formatCount(reached), 'measured'),
        ]),
      ],
    ),
    'On a subset, an index is built as it would be on all rows, scaled down: a graph with less effort, IVFFlat with fewer lists. The search recall is the target with a margin for the queries that show it.',
  ].join('\n\n');
}
