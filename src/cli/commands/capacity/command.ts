import { resolve } from 'node:path';
import type { CapacityQuestion } from '../../../capacity/index.js';
import { PgvtuneError } from '../../../errors.js';
import type { Io } from '../../io.js';
import type { AddCommand } from '../../main.js';
import { type MeasureOptions, realNumber, toOverrides, withMeasureOptions } from '../../options.js';

interface CapacityOptions extends MeasureOptions {
  readonly run?: string;
  readonly to?: string;
  readonly peak?: number;
  readonly ram?: string;
  readonly prices?: string;
}

export const capacityCommand: AddCommand = (program, io, exit) => {
  withMeasureOptions(program.command('capacity'))
    .description('measure how an index grows with the table, and for how many rows the server suffices')
    .option(
      '--run <run>',
      'use the recommendation of a run of tune; or recompute the answer of a run of capacity without measuring',
    )
    .option('--recall <share>', 'recall at which the sizes are compared', realNumber)
    .option('--to <rows>', 'rows to extrapolate to, such as 100M; default: ten times the rows')
    .option('--peak <rate>', 'queries per second at the busiest time', realNumber)
    .option('--ram <size>', "the server's memory, if it runs on another machine")
    .option('--prices <file>', 'a price table: a YAML list of {name, cores, memory: 16GB, month: 140}')
    .addHelpText(
      'after',
      `
Builds the index on random subsets (1/16, 1/8, 1/4, 1/2) and on all rows, finds the search setting that reaches the recall on
each, measures there, and fits laws to size, build time, work and latency. The largest size is also predicted from those up to
a quarter of it: the report shows the errors. Writes capacity_plan.md.

Examples:
  pgvtune capacity --dataset docs --to 50M
  pgvtune capacity --run 20261122-204501-tune-docs --concurrency 1,2,4,8 --peak 300 --prices prices.yaml
  pgvtune capacity --run 20261123-101500-capacity-docs --to 200M --ram 128GB

Exit codes: 0 the server suffices for the present rows, 1 it does not, 2 usage, 3 nothing could be measured,
4 the server failed, 130 interrupted.`,
    )
    .action(async (file: string | undefined, options: CapacityOptions) => {
      const { runSearch } = await import('../../run-search.js');
      const { capacityFromConfig } = await import('../../../tune/index.js');
      const { capacityExit, printCapacity } = await import('./print.js');
      const { readEarlier, recommendationOf } = await import('../../recommendation-of-run.js');
      const question = await questionOf(options, io);
      const before = options.run === undefined ? null : readEarlier(options.run, io);
      if (before?.manifest.command === 'capacity') {
        const { writeReports } = await import('../../../reports/index.js');
        const outcome = { files: before, reports: await writeReports(before, { question }), question };
        printCapacity(outcome, options, io);
        exit(capacityExit(outcome));
        return;
      }
      const chosen = before && recommendationOf(before);
      const overrides = toOverrides(options);
      const outcome = await runSearch(
        {
          command: 'capacity',
          file: file ?? null,
          overrides: { ...overrides, measure: { ...overrides.measure, reuse: false } },
          options,
          io,
          question,
          ...(before ? { like: before.manifest } : {}),
        },
        (config) => capacityFromConfig(config, chosen),
      );
      printCapacity({ ...outcome, question }, options, io);
      exit(capacityExit({ ...outcome, question }));
    });
};

async function questionOf({ to, peak, ram, prices }: CapacityOptions, io: Io): Promise<CapacityQuestion> {
  const { parseBytes, parseRows } = await import('../../../units.js');
  const { readPrices } = await import('./prices.js');
  if (peak !== undefined && peak <= 0) throw new PgvtuneError('usage', `--peak: expected more than 0, got ${peak}.`);
  if (prices !== undefined && peak === undefined) {
    throw new PgvtuneError('usage', '--prices needs --peak: a cost is for a load.', {
      hint: 'Name the queries a second at the busiest time.',
    });
  }
  return {
    ...(to === undefined ? {} : { toRows: parseRows(to) }),
    ...(peak === undefined ? {} : { peakPerSecond: peak }),
    ...(ram === undefined ? {} : { memoryBytes: parseBytes(ram) }),
    ...(prices === undefined ? {} : { machines: readPrices(resolve(io.cwd, prices)) }),
  };
}
