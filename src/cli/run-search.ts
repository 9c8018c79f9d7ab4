import { resolve } from 'node:path';
import type { Config, ConfigInput } from '../config/index.js';
import { resolveConfig } from '../config/index.js';
import { type ExperimentResult, runExperiment, type Situation } from '../experiment/index.js';
import { writeReports } from '../reports/index.js';
import { type AnswerRecord, readRun, type RunFiles, type RunManifest, type Search } from '../results/index.js';
import type { Target } from '../vocabulary.js';
import type { Io } from './io.js';
import { openConfiguredDataset, openDatasetOfRun } from './open-dataset.js';
import type { MeasureOptions } from './options.js';
import { createReporter } from './progress.js';
import { packageVersion } from './version.js';

export interface SearchCommand {
  readonly command: RunManifest['command'];
  readonly file: string | null;
  readonly overrides: ConfigInput;
  readonly options: MeasureOptions;
  readonly io: Io;
}

export interface SearchOutcome extends ExperimentResult {
  readonly files: RunFiles;
  /** Paths of the reports written. */
  readonly reports: readonly string[];
}

type MakeSearch = (context: {
  config: Config;
  target: Target;
}) => (situation: Situation) => Search<AnswerRecord['answer']>;

/** What `tune` and `bench` have in common: a configuration, a dataset, a run with its search, and the reports. */
export async function runSearch(command: SearchCommand, makeSearch: MakeSearch): Promise<SearchOutcome> {
  const { options, io } = command;
  const results = resolve(io.cwd, 'results');
  const reporter = createReporter(io, options);
  const before = options.resume === undefined ? null : readRun(results, options.resume).manifest;
  const config = before ? configOfRun(before, command.overrides) : resolveConfig(command.file, command.overrides);
  const dataset = before ? await openDatasetOfRun(before, io) : await openConfiguredDataset(config, { io, reporter });
  try {
    const target = targetOf(config);
    const result = await runExperiment(
      {
        command: command.command,
        config,
        dataset,
        target: command.command === 'tune' ? target : null,
        results,
        run: options.resume ?? options.name ?? runName(command.command, dataset.manifest.name, new Date()),
        resume: before !== null,
        version: packageVersion(),
        signal: io.signal,
        reporter,
        now: () => new Date(),
      },
      makeSearch({ config, target }),
    );
    const files = readRun(results, before?.run ?? result.run);
    return { ...result, files, reports: await writeReports(files) };
  } finally {
    dataset.close();
  }
}

/** A run goes on as it began; only the way to the server may be said anew, for its password is not kept. */
function configOfRun(manifest: RunManifest, overrides: ConfigInput): Config {
  const config = manifest.config as Config;
  return overrides.server === undefined ? config : { ...config, server: overrides.server };
}

function targetOf({ target }: Config): Target {
  return {
    recall: target.recall,
    ...(target.p95 === undefined ? {} : { p95Ms: target.p95 }),
    ...(target.index_size === undefined ? {} : { indexBytes: target.index_size }),
    ...(target.build_memory === undefined ? {} : { buildMemoryBytes: target.build_memory }),
  };
}

/** `20261122-204501-tune-docs`: sorts by time, says what it is. */
function runName(command: string, dataset: string, now: Date): string {
  const [date = '', time = ''] = now.toISOString().replaceAll(/[-:]/g, '').split('T');
  const name = dataset
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `${date}-${time.slice(0, 6)}-${command}-${name}`.slice(0, 48).replace(/-$/, '');
}
