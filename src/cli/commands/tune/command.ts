import type { AddCommand } from '../../main.js';
import { type MeasureOptions, realNumber, toOverrides, withMeasureOptions } from '../../options.js';

export const tuneCommand: AddCommand = (program, io, exit) => {
  withMeasureOptions(program.command('tune'))
    .description('find the cheapest index and settings that reach a recall target')
    .option('--recall <share>', 'target for the mean recall, such as 0.95', realNumber)
    .option('--p95 <duration>', 'upper bound of p95 latency, such as 20ms')
    .option('--index-size <size>', 'upper bound of the index size, such as 2GB')
    .option('--build-memory <size>', 'upper bound of maintenance_work_mem, such as 1GB')
    .option('--rerank-scores <file>', "a re-ranker's scores for hybrid queries: lines `query row score`, or a TREC run")
    .option('--no-reuse', 'ignore measurements of earlier runs')
    .addHelpText(
      'after',
      `
Examples:
  pgvtune tune                                             a generated dataset, as a first try
  pgvtune tune --dataset docs.hdf5 --recall 0.98           your vectors, on the best server found here
  pgvtune tune pgvtune.yaml --server local --p95 20ms      a configuration, with two keys overridden
  pgvtune tune --resume 20261122-204501-tune-docs          continue an interrupted run

Exit codes: 0 recommended, 1 target not reached (or --rate or --slo not met), 2 usage, 3 inconclusive (nothing could be
measured), 4 the server failed, 130 interrupted.`,
    )
    .action(async (file: string | undefined, options: MeasureOptions) => {
      const { runSearch } = await import('../../run-search.js');
      const { tuneFromConfig } = await import('../../../tune/index.js');
      const { printTuneAnswer } = await import('./print.js');
      const { tuneExit } = await import('./exit.js');
      const outcome = await runSearch(
        { command: 'tune', file: file ?? null, overrides: toOverrides(options), options, io },
        tuneFromConfig,
      );
      printTuneAnswer(outcome, options, io);
      exit(tuneExit(outcome));
    });
};
