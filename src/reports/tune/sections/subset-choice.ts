import { indexKind, recallKnob } from '../../../indexes/index.js';
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
  const { names, sections } = run.texts;
  const { subset, words } = sections;
  const row = (spec: IndexSpec, of: number, value: string, how: string): readonly string[] => [
    escapeText(names.spec(spec)),
    code(recallKnob(indexKind(spec.method))?.name ?? ''),
    formatCount(of),
    value,
    how,
  ];
  return [
    `## ${subset.heading}`,
    subset.intro({
      rows,
      of: all,
      built: built.map(({ spec }) => escapeText(names.spec(spec))),
      many: built.length !== 1,
    }),
    table(
      [words.index, subset.setting, `${words.rows}>`, `${subset.reachesAt}>`, ''],
      [
        ...control.sizes.map((size) =>
          row(
            control.spec,
            size.rows,
            size.reaches ? formatCount(size.value) : subset.notAt(formatCount(size.value)),
            subset.measured,
          ),
        ),
        row(control.spec, all, formatCount(control.expected), subset.extrapolated),
        ...built.flatMap(({ spec, expected, reached }) => [
          row(spec, all, formatCount(expected), subset.extrapolated),
          row(spec, all, reached === null ? subset.noValue : formatCount(reached), subset.measured),
        ]),
      ],
    ),
    subset.outro,
  ].join('\n\n');
}
