import type { CapacityQuestion } from '../../../capacity/index.js';
import { EXIT } from '../../../errors.js';
import { decisionLines, heldOutLines, viewCapacity } from '../../../reports/index.js';
import type { RunFiles } from '../../../results/index.js';
import { formatCount } from '../../../units.js';
import type { Io } from '../../io.js';
import { printedPath } from '../../printed-path.js';
import type { CommonOptions } from '../../options.js';
import { printableLine } from '../../../printable.js';
import { documentText } from '../../document-text.js';

interface CapacityOutcome {
  readonly files: RunFiles;
  readonly reports: readonly string[];
  readonly question: CapacityQuestion;
}

/** The decision and how the forecast did on the largest size, on standard output. */
export function printCapacity({ files, reports, question }: CapacityOutcome, options: CommonOptions, io: Io): void {
  const view = viewCapacity(files, question);
  if (options.json) {
    const document = { run: files.manifest.run, plan: view?.plan ?? null, facts: view?.facts ?? null, reports };
    io.stdout.write(documentText('capacity', document));
    return;
  }
  const paths = reports.map((path) => printedPath(path, io));
  if (view === null) {
    io.stdout.write(`${['No size could be measured.', '', ...paths].join('\n')}\n`);
    return;
  }
  const tests = view.plan.heldOut;
  const [first] = tests;
  const lines = [
    ...decisionLines(view).map((line) => line.replaceAll('`', '')),
    ...(first
      ? [
          '',
          `Test of the forecast: error of the figures at ${formatCount(first.rows)} rows, predicted from ${formatCount(first.fromRows)} rows and fewer:`,
          ...heldOutLines(view).map((line) => `  ${line}`),
        ]
      : []),
    '',
    ...paths,
  ];
  io.stdout.write(`${lines.map(printableLine).join('\n')}\n`);
}

export function capacityExit({ files, question }: Pick<CapacityOutcome, 'files' | 'question'>): number {
  const view = viewCapacity(files, question);
  if (view === null) return EXIT.inconclusive;
  const [first] = view.plan.limits;
  return first !== undefined && first.rows < view.plan.rows ? EXIT.no : EXIT.done;
}
