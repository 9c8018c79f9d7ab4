import { EXIT } from '../../../errors.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';

interface HistoryOptions extends CommonOptions {
  readonly csv?: string;
}

export const historyCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('history'))
    .description('show how every series developed over the runs of a folder, and where its level changed')
    .argument('[dir]', 'folder of the runs', 'results')
    .option('--csv <file>', 'write all series as one table, as Apache Otava reads it')
    .addHelpText(
      'after',
      `
A series is one figure of one index with one setting, on the same data, server version and processor, whatever a configuration
calls it. Missing nights are no matter. A change of level has a chance of 1 % in a series in which nothing changes.

Examples:
  pgvtune history
  pgvtune history nights/ --csv history.csv

Exit codes: 0 nothing got worse, 1 the level of a series did, 2 usage.`,
    )
    .action(async (dir: string, options: HistoryOptions) => {
      const path = await import('node:path');
      const { PgvtuneError } = await import('../../../errors.js');
      const { listRuns, readRun, writeAtomically } = await import('../../../results/index.js');
      const { historyOf } = await import('../../../nightly/index.js');
      const { historyCsv, historyLines } = await import('../../../reports/index.js');
      const folder = path.resolve(io.cwd, dir);
      const names = listRuns(folder);
      if (names.length === 0) {
        throw new PgvtuneError('usage', `There are no runs under ${folder}.`, {
          hint: 'Name the folder that holds the folders of runs.',
        });
      }
      const trends = historyOf(names.map((name) => readRun(folder, name)));
      if (options.csv !== undefined) writeAtomically(path.resolve(io.cwd, options.csv), historyCsv(trends));
      io.stdout.write(
        options.json
          ? `${JSON.stringify({ trends }, null, 2)}\n`
          : historyLines(trends)
              .map((line) => `${line}\n`)
              .join(''),
      );
      exit(trends.some(({ isWorse }) => isWorse) ? EXIT.no : EXIT.done);
    });
};
