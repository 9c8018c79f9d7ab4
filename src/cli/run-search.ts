import { resolve } from 'node:path';
import type { CapacityQuestion } from '../capacity/index.js';
import type { Config, ConfigInput } from '../config/index.js';
import { forColumnType, resolveConfig } from '../config/index.js';
import { type ExperimentResult, runExperiment, shapeOf, withRowIds } from '../experiment/index.js';
import { checkServerChoice, lacksPassword } from '../postgres/index.js';
import { writeReports } from '../reports/index.js';
import { PgvtuneError } from '../errors.js';
import { checkNewRun, readRun, type RunFiles, type RunManifest, runName } from '../results/index.js';
import { type ConfiguredSearch, targetOf } from '../tune/index.js';
import type { Io } from './io.js';
import { keptRun } from './kept-run.js';
import { controlOf } from './measure-control.js';
import { openConfiguredDataset, openDatasetOfRun } from './open-dataset.js';
import type { MeasureOptions } from './options.js';
import { placeOfRun, resultsFolder } from './place-of-run.js';
import { createReporter } from './progress.js';
import { packageVersion } from '../version.js';

export interface SearchCommand {
  readonly command: RunManifest['command'];
  readonly file: string | null;
  readonly overrides: ConfigInput;
  readonly options: MeasureOptions;
  readonly io: Io;
  /** What a run of `capacity` is to answer beside what it measures. */
  readonly question?: CapacityQuestion;
  /** A run whose configuration and dataset are taken. */
  readonly like?: RunManifest;
}

export interface SearchOutcome extends ExperimentResult {
  readonly files: RunFiles;
  /** Paths of the reports written. */
  readonly reports: readonly string[];
}

/** What `tune` and `bench` have in common: a configuration, a dataset, a run with its search, and the reports. */
export async function runSearch(
  command: SearchCommand,
  searchOf: (config: Config) => ConfiguredSearch,
): Promise<SearchOutcome> {
  const { options, io } = command;
  const resumed = options.resume === undefined ? null : placeOfRun(io.cwd, options.resume);
  const results = resumed?.results ?? resultsFolder(io.cwd);
  const reporter = createReporter(io, options);
  const before = resumed && readRun(results, resumed.run).manifest;
  const origin = before ?? command.like ?? null;
  const resolved = origin
    ? configOfRun(origin, command.overrides)
    : withPaths(resolveConfig(command.file && resolve(io.cwd, command.file), command.overrides), options, io);
  for (const choice of [resolved.server, ...(resolved.shards ?? [])]) checkServerChoice(choice, io.env);
  if (options.name !== undefined) checkNewRun(results, options.name);
  const opened = origin ? await openDatasetOfRun(origin, io) : await openConfiguredDataset(resolved, { io, reporter });
  const run = resumed?.run ?? options.name ?? runName(command.command, opened.manifest.name, new Date());
  try {
    const config = forColumnType(resolved, opened.manifest);
    const dataset = await withRowIds(opened, config);
    const search = searchOf(config);
    search.check(shapeOf(config, dataset));
    const control =
      command.command === 'tune' && origin === null
        ? await controlOf(config, dataset.manifest, { io, reporter })
        : null;
    const result = await keptRun(command.command, { results, run, reporter }, () =>
      runExperiment(
        {
          control,
          command: command.command,
          config,
          dataset,
          target: command.command === 'bench' ? null : targetOf(config),
          results,
          run,
          resume: before !== null,
          version: packageVersion(),
          signal: io.signal,
          reporter,
          now: () => new Date(),
          check: (served) => search.check(served),
        },
        (situation) => search.search(situation),
      ),
    );
    const files = readRun(results, run);
    const reports = await writeReports(files, { question: command.question ?? {}, language: options.lang ?? 'en' });
    return { ...result, files, reports };
  } finally {
    opened.close();
  }
}

/**
 * Files that a configuration names are looked for from the working directory.
 *
 * @throws {PgvtuneError} `usage`: scores of a re-ranker for a run without hybrid queries
 */
function withPaths(config: Config, { rerankScores }: Pick<MeasureOptions, 'rerankScores'>, io: Io): Config {
  const isHybrid = config.workloads.some((workload) => 'hybrid' in workload);
  if (rerankScores !== undefined && !isHybrid) {
    throw new PgvtuneError('usage', '--rerank-scores is for hybrid workloads, and the configuration has none.', {
      hint: 'Add "workloads: [hybrid]" to it.',
    });
  }
  const path = (file: string | undefined): string | undefined => file && resolve(io.cwd, file);
  return {
    ...config,
    workloads: config.workloads.map((workload) => {
      if (!('hybrid' in workload)) return workload;
      const { judgements, rerank_scores } = workload.hybrid;
      const files = { judgements: path(judgements), rerank_scores: path(rerankScores ?? rerank_scores) };
      return { hybrid: { ...workload.hybrid, ...files } };
    }),
  };
}

/** A run goes on as it began; only the way to the server may be said anew, for its password is not kept. */
export function configOfRun(manifest: RunManifest, overrides: ConfigInput): Config {
  // Runs of a version that asked plain queries only do not say so.
  const kept: Config = { workloads: [{ plain: {} }], ...(manifest.config as Omit<Config, 'workloads'>) };
  const { measure } = overrides;
  const config = { ...kept, measure: { ...kept.measure, ...(measure?.reuse === false ? { reuse: false } : {}) } };
  const shard = config.shards?.find(lacksPassword);
  if (shard !== undefined) {
    throw new PgvtuneError('usage', `The password of ${shard} was not kept with the run.`, {
      hint: 'Give the password in PGPASSWORD or a password file, and the URL without one.',
    });
  }
  if (overrides.server !== undefined) return { ...config, server: overrides.server };
  if (lacksPassword(config.server)) {
    throw new PgvtuneError('usage', `The password of ${config.server} was not kept with the run.`, {
      hint: 'Give the URL again with --server, or the password in PGPASSWORD and the URL without one.',
    });
  }
  return config;
}
