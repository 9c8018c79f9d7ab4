import { EXIT } from '../../../errors.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';
import { documentText } from '../../document-text.js';

interface HistoryOptions extends CommonOptions {
  readonly csv?: string;
}

export const historyCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('history'))
    .description('show every series over the runs of a folder, and where its level changed')
    .argument('[dir]', 'folder of the runs', 'results')
    .option('--csv <file>', 'write all series as one table, as Apache Otava reads it')
    .addHelpText(
      'after',
      `
A series is one figure of one index with one setting, on the same data, server version and processor, whatever a configuration
calls it. Missing nights do not matter. It takes about five to ten nights at a new level to show a change. Where nothing changes,
the chance that a change is reported for any series is meant to be 5 %; docs/nightly.md has what simulations found.

Examples:
  pgvtune history
  pgvtune history nights/ --csv history.csv

Exit codes: 0 nothing got worse within the last 10 nights, 1 the level of a series did, 2 usage.`,
    )
    .action(async (dir: string, options: HistoryOptions) => {
      const path = await import('node:path');
      const { PgvtuneError } = await import('../../../errors.js');
      const { listRuns, readRun, writeAtomically } = await import('../../../results/index.js');
      const { historyOf } = await import('../../../nightly/index.js');
      const { historyCsv, historyLines } = await import('../../../reports/index.js');
      const { createReporter } = await import('../../progress.js');
      const folder = path.resolve(io.cwd, dir);
      const names = listRuns(folder);
      if (names.length === 0) {
        throw new PgvtuneError('usage', `There are no runs under ${folder}.`, {
          hint: 'Name the folder that holds the folders of runs.',
        });
      }
      const reporter = createReporter(io, options);
      const skipped: { readonly run: string; readonly why: string }[] = [];
      const runs = names.flatMap((run) => {
        try {
          return [readRun(folder, run)];
        } catch (error) {
          if (!(error instanceof PgvtuneError)) throw error;
          skipped.push({ run, why: error.message });
          reporter.note({ code: 'run-left-out', data: { run, message: error.message } });
          return [];
        }
      });
      if (runs.length === 0) {
        throw new PgvtuneError('usage', `None of the runs under ${folder} can be read.`, { hint: skipped[0]!.why });
      }
      const trends = historyOf(runs);
      if (options.csv !== undefined) writeAtomically(path.resolve(io.cwd, options.csv), historyCsv(trends));
      io.stdout.write(
        options.json
          ? documentText('history', { trends, skipped })
          : historyLines(trends)
              .map((line) => `${line}\n`)
              .join(''),
      );
      exit(trends.some(({ isWorse, isRecent }) => isWorse && isRecent) ? EXIT.no : EXIT.done);
    });
};
