import { EXIT } from '../../../errors.js';
import { printableLine } from '../../../printable.js';
import { scheduleLines, viewMaintenance } from '../../../reports/index.js';
import type { RunFiles } from '../../../results/index.js';
import type { Io } from '../../io.js';
import { printedPath } from '../../printed-path.js';
import type { CommonOptions } from '../../options.js';
import { documentText } from '../../document-text.js';

interface ChurnOutcome {
  readonly files: RunFiles;
  readonly reports: readonly string[];
}

/** The schedule, and where the states are, on standard output. */
export function printChurn({ files, reports }: ChurnOutcome, options: CommonOptions, io: Io): void {
  const view = viewMaintenance(files);
  if (options.json) {
    io.stdout.write(documentText('churn', { run: files.manifest.run, plan: view?.plan ?? null, reports }));
    return;
  }
  const lines = [...(view ? scheduleLines(view) : []), '', ...reports.map((path) => printedPath(path, io))];
  io.stdout.write(`${lines.map(printableLine).join('\n')}\n`);
}

/** Inconclusive where no state could be measured. */
export function churnExit({ files }: Pick<ChurnOutcome, 'files'>): number {
  const states = viewMaintenance(files)?.plan.record.states ?? [];
  return states.some(({ searches }) => searches !== null) ? EXIT.done : EXIT.inconclusive;
}
