import { EXIT } from '../../../errors.js';
import { printable } from '../../../printable.js';
import {
  changeOf,
  conditions,
  isRelaxed,
  optionName,
  type OptionView,
  planText,
  recallText,
  shortQuantileText,
  SORTED_AGAIN,
  type StatementView,
  viewStatement,
} from '../../../reports/index.js';
import type { RunFiles } from '../../../results/index.js';
import { formatBytes, formatCount, formatMs } from '../../../units.js';
import type { Io } from '../../io.js';
import { printedPath } from '../../printed-path.js';
import type { CommonOptions } from '../../options.js';
import { printRunJson } from '../../print-run-json.js';
import type { SearchOutcome } from '../../run-search.js';
import { type Colors, style } from '../../style.js';

/** The answer of `tune --sql`, on standard output. */
export function printStatement(outcome: SearchOutcome, options: CommonOptions, io: Io): void {
  if (options.json) return printRunJson('tune', outcome, io);
  const lines = [
    ...statementLines(viewOf(outcome.files), style(io, options)),
    '',
    ...outcome.reports.map((path) => printedPath(path, io)),
  ];
  io.stdout.write(`${lines.join('\n')}\n`);
}

/** The exit code. Where the planner uses none of the indexes, nothing is refuted: that is no "no". */
export function statementExit({ files }: Pick<SearchOutcome, 'files'>): number {
  const { best, options } = viewOf(files);
  if (best) return EXIT.done;
  return options.some(({ step }) => step !== null) ? EXIT.no : EXIT.inconclusive;
}

function viewOf(files: RunFiles): StatementView {
  const view = viewStatement(files);
  if (view) return view;
  throw new TypeError(`Expected the run of a statement, got ${files.manifest.run}.`);
}

/** The change to make for a statement, with what it was measured to give. */
export function statementLines(view: StatementView, paint: Colors): readonly string[] {
  const { best, options, manifest } = view;
  const { statement: own } = view.texts.sections;
  const others = options.filter((option) => option !== best);
  return [
    ...(best
      ? [paint.bold(paint.green(`Recommended: ${optionName(view, best)}`)), `  ${figuresOf(view, best)}`]
      : [paint.bold(paint.red(`No index that was tried is shown to reach recall ${manifest.target?.recall}.`))]),
    ...conditions(view).map((line) => `  ${printable(line)}`),
    ...(best
      ? ['', `${own.change}:`, ...changeOf(best, view).map((line) => `  ${printable(line)}`), ...remarks(view, best)]
      : []),
    ...(others.length > 0
      ? [
          '',
          'Also measured:',
          ...others.flatMap((one) => [`  ${optionName(view, one)}`, `    ${figuresOf(view, one)}`]),
        ]
      : []),
  ];
}

/** What else the change does, or will not do on the whole table. */
const remarks = ({ subject, texts }: StatementView, best: OptionView): readonly string[] => [
  ...(isRelaxed(best) ? [texts.sections.statement.relaxed, `  ${SORTED_AGAIN}`] : []),
  ...subject.copied
    .filter(({ isSample }) => isSample)
    .map(({ table }) => texts.sections.statement.largerTable(printable(table), 'pgvtune recall --sql FILE --sweep …')),
];

function figuresOf(view: StatementView, option: OptionView): string {
  const { record, step, reached } = option;
  if (!step) return `the planner does not use it: ${planText(view, option)}`;
  const { recall, latencyMs, buffers } = step.measured;
  return `${reached ? '' : 'target not reached: '}recall@${view.subject.k} ${recallText(recall.mean)}, n = ${recall.queries}, p50 ${shortQuantileText(latencyMs.again, 0.5)}, p95 ${shortQuantileText(latencyMs.again, 0.95)}, ${formatCount(Math.round(buffers.value))} buffers; ${formatBytes(record.bytes)}, built in ${formatMs(1000 * record.buildSeconds)}; ${planText(view, option)}`;
}
