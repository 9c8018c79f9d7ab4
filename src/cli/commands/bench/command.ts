import type { AddCommand } from '../../main.js';
import { type MeasureOptions, toOverrides, withLanguage, withMeasureOptions } from '../../options.js';

export const benchCommand: AddCommand = (program, io, exit) => {
  withLanguage(withMeasureOptions(program.command('bench')))
    .description('measure every combination in the configuration')
    .addHelpText(
      'after',
      `
Examples:
  pgvtune bench                            pgvector's default index over a range of ef_search
  pgvtune bench grid.yaml --server local   every combination in the file
  pgvtune bench --concurrency 1,2,4,8      and the throughput of each index at the target recall
  pgvtune bench --slo 'p99<=50ms'          the highest query rate that keeps p99 within the bound
  pgvtune bench --resume 20261122-204501-bench-docs

Exit codes: 0 done, 1 --rate or --slo not met, 2 usage, 3 inconclusive,
4 the server failed, 130 interrupted.`,
    )
    .action(async (file: string | undefined, options: MeasureOptions) => {
      const { runSearch } = await import('../../run-search.js');
      const { benchFromConfig } = await import('../../../tune/index.js');
      const { loadExit } = await import('../../load-exit.js');
      const { printBenchAnswer } = await import('./print.js');
      const outcome = await runSearch(
        { command: 'bench', file: file ?? null, overrides: toOverrides(options), options, io },
        benchFromConfig,
      );
      printBenchAnswer(outcome, options, io);
      exit(loadExit(outcome));
    });
};
