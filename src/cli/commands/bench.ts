import type { Config } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';
import type { AddCommand } from '../main.js';
import { type MeasureOptions, toOverrides, withMeasureOptions } from '../options.js';

export const benchCommand: AddCommand = (program, io, exit) => {
  withMeasureOptions(program.command('bench'))
    .description('measure every combination that the configuration names')
    .addHelpText(
      'after',
      `
Examples:
  pgvtune bench                            pgvector's default index over a range of ef_search
  pgvtune bench grid.yaml --server local   every combination in the file
  pgvtune bench --concurrency 1,2,4,8      and the throughput of each index at the target's recall
  pgvtune bench --slo 'p99<=50ms'          the highest rate of queries that keeps latency within the bound
  pgvtune bench --resume 20261122-204501-bench-docs

Exit codes: 0 done, 1 a rate or bound of --rate, --slo is not met, 2 usage, 3 inconclusive,
4 the server failed, 130 interrupted.`,
    )
    .action(async (file: string | undefined, options: MeasureOptions) => {
      const { runSearch } = await import('../run-search.js');
      const { grid } = await import('../../tune/index.js');
      const { benchRows } = await import('../bench-rows.js');
      const { loadExit, loadPlan } = await import('../load-plan.js');
      const { printBenchAnswer } = await import('../print-answer.js');
      const outcome = await runSearch(
        { command: 'bench', file: file ?? null, overrides: toOverrides(options), options, io },
        ({ config, target, shape }) => {
          refuseWorkloads(config);
          return grid({
            rows: benchRows(config, shape),
            workload: { kind: 'plain', k: config.k },
            queries: shape.queries,
            repeats: config.measure.repeats,
            cache: config.measure.cache,
            loads: { plan: loadPlan(config, { sessions: shape.sessions, unasked: false }), recall: target.recall },
          });
        },
      );
      printBenchAnswer(outcome, options, io);
      exit(loadExit(outcome));
    });
};

/** @throws {PgvtuneError} `usage` for a workload whose combinations are more than a grid */
function refuseWorkloads({ workloads }: Config): void {
  if (workloads.every((workload) => 'plain' in workload)) return;
  throw new PgvtuneError('usage', 'bench measures plain queries; the configuration has other workloads.', {
    hint: 'Use pgvtune tune, or leave workloads out.',
  });
}
