import type { AddCommand } from '../main.js';
import { type MeasureOptions, realNumber, toOverrides, withMeasureOptions } from '../options.js';

export const tuneCommand: AddCommand = (program, io, exit) => {
  withMeasureOptions(program.command('tune'))
    .description('find the cheapest index and settings that reach the target')
    .option('--recall <share>', 'mean recall to reach, such as 0.95', realNumber)
    .option('--p95 <duration>', 'bound on the 95th percentile of latency, such as 20ms')
    .option('--index-size <size>', 'bound on the size of the index, such as 2GB')
    .option('--build-memory <size>', 'bound on maintenance_work_mem, such as 1GB')
    .option('--fresh', 'measure everything anew, also what earlier runs know')
    .addHelpText(
      'after',
      `
Examples:
  pgvtune tune                                             a generated dataset, to see how it goes
  pgvtune tune --dataset docs.hdf5 --recall 0.98           your vectors, on the best server found here
  pgvtune tune pgvtune.yaml --server local --p95 20ms      a configuration, with two keys overridden
  pgvtune tune --resume 20261122-204501-tune-docs          go on with an interrupted run

Exit codes: 0 recommended, 1 target not reached (or a rate or bound of --rate, --slo), 2 usage, 3 inconclusive
(nothing could be measured), 4 the server failed, 130 interrupted.`,
    )
    .action(async (file: string | undefined, options: MeasureOptions) => {
      const { runSearch } = await import('../run-search.js');
      const { tuneSearch } = await import('../tune-search.js');
      const { printTuneAnswer } = await import('../print-answer.js');
      const { tuneExit } = await import('../tune-exit.js');
      const outcome = await runSearch(
        { command: 'tune', file: file ?? null, overrides: toOverrides(options), options, io },
        tuneSearch,
      );
      printTuneAnswer(outcome, options, io);
      exit(tuneExit(outcome));
    });
};
