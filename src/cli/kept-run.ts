import { PgvtuneError } from '../errors.js';
import type { Reporter } from '../progress.js';
import { listRuns, readRun, type RunManifest } from '../results/index.js';
import { measuredSoFar } from './measured-so-far.js';

/** Lines about what an interrupted run has measured. */
const MOST_SHOWN = 30;

/** Does the work of a run, and says what is kept of it, and how it goes on, where that ends with an error. */
export async function keptRun<T>(
  command: RunManifest['command'],
  { results, run, reporter }: { readonly results: string; readonly run: string; readonly reporter: Reporter },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // The same command would be refused again, so there is nothing to resume.
    const isUsage = error instanceof PgvtuneError && error.code === 'usage';
    if (!isUsage && listRuns(results).includes(run)) {
      const isInterrupted = error instanceof PgvtuneError && error.code === 'interrupted';
      const cells = isInterrupted ? measuredSoFar(readRun(results, run)) : [];
      if (cells.length > 0) {
        const shown = cells.slice(-MOST_SHOWN);
        reporter.note({ code: 'measured-so-far', data: { cells: shown, more: cells.length - shown.length } });
      }
      reporter.note({ code: 'run-kept', data: { command, run } });
    }
    throw error;
  }
}
