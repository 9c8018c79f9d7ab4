import { type ConfigInput, configOf, forColumnType } from '../config/index.js';
import type { Dataset } from '../datasets/index.js';
import { type ExperimentResult, runExperiment, shapeOf, withRowIds } from '../experiment/index.js';
import { checkNewRun, runName } from '../results/index.js';
import { benchFromConfig, targetOf, tuneFromConfig } from '../tune/index.js';
import { packageVersion } from '../version.js';
import { commonOf, type CommonOptions } from './defaults.js';

export interface SearchOptions extends CommonOptions {
  /** What to do: `tune` searches for the cheapest that meets the target, `bench` measures all that is named. */
  readonly command?: 'tune' | 'bench';
  /** As a configuration file has it, but for the dataset and what belongs to it. */
  readonly config?: Omit<ConfigInput, 'dataset' | 'queries' | 'records' | 'query_records'>;
  readonly dataset: Dataset;
  /** Folder of all runs. Default `results`. */
  readonly results?: string;
  /** Name of the run. Default: date, command and dataset. With `resume`, one that exists. */
  readonly run?: string;
  readonly resume?: boolean;
}

/**
 * Tunes or benches a dataset as the command line does: `readRun(results, run)` has all records, `writeReports` the reports.
 *
 * @throws {PgvtuneError} `usage`, naming key and value; `server`, `environment`; `interrupted`: it can be resumed
 */
export async function runSearch(options: SearchOptions): Promise<ExperimentResult> {
  const { command = 'tune', results = 'results', resume = false } = options;
  const config = forColumnType(configOf(options.config ?? {}), options.dataset.manifest);
  const dataset = await withRowIds(options.dataset, config);
  const search = (command === 'tune' ? tuneFromConfig : benchFromConfig)(config);
  search.check(shapeOf(config, dataset));
  if (options.run !== undefined && !resume) checkNewRun(results, options.run);
  return runExperiment(
    {
      command,
      config,
      dataset,
      target: command === 'tune' ? targetOf(config) : null,
      results,
      run: options.run ?? runName(command, dataset.manifest.name, new Date()),
      resume,
      version: packageVersion(),
      ...commonOf(options),
      now: () => new Date(),
      check: (served) => search.check(served),
    },
    (situation) => search.search(situation),
  );
}
