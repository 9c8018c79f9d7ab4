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
      const { checkQueries, defaultFamilies, namedFamilies, rulesOfThumb, tuneWorkloads } =
        await import('../../tune/index.js');
      const { filteredSpaces } = await import('../filtered-spaces.js');
      const { hybridSpaces } = await import('../hybrid-spaces.js');
      const { expandIndexes, storedAs } = await import('../../config/index.js');
      const { serverLimits, usualStorages } = await import('../../indexes/index.js');
      const { loadPlan } = await import('../load-plan.js');
      const { printTuneAnswer } = await import('../print-answer.js');
      const { tuneExit } = await import('../tune-exit.js');
      const outcome = await runSearch(
        { command: 'tune', file: file ?? null, overrides: toOverrides(options), options, io },
        ({ config, target, shape }) => {
          checkQueries(target.recall, shape.queries);
          const named = expandIndexes(config)?.map(({ spec, values }) => ({ spec, knobValues: values }));
          const families = named
            ? namedFamilies(shape, named)
            : defaultFamilies(shape, storedAs(config) ?? usualStorages(shape.dimensions));
          const plain = {
            families,
            rulesOfThumb: named ? [] : rulesOfThumb(shape),
            workload: { kind: 'plain' as const, k: config.k },
            target,
            rows: shape.rows,
            dimensions: shape.dimensions,
            metric: shape.metric,
            queries: shape.queries,
            ...(shape.settings ? { server: serverLimits(shape.settings, shape.pgvector ?? '') } : {}),
            repeats: config.measure.repeats,
            cache: config.measure.cache,
            ...(shape.coldBytes === undefined ? {} : { coldBytes: shape.coldBytes }),
            loads: loadPlan(config, { sessions: shape.sessions, unasked: true }),
          };
          return tuneWorkloads({
            target,
            plain: config.workloads.some((workload) => 'plain' in workload) ? plain : null,
            filtered: filteredSpaces(config, shape, named ?? families),
            hybrid: hybridSpaces(config, shape, named ?? families),
          });
        },
      );
      printTuneAnswer(outcome, options, io);
      exit(tuneExit(outcome));
    });
};
