import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ConfigInput } from '../config/index.js';
import { type DocumentLanguage, LANGUAGES } from '../languages.js';
import type { Metric } from '../vocabulary.js';

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color: boolean;
  readonly debug?: boolean;
}

export const withCommonOptions = (command: Command): Command =>
  command
    .option('--json', 'print one JSON document on standard output, and nothing else there')
    .option('-q, --quiet', 'print no progress')
    .option('--no-color', 'print no colours (also NO_COLOR=1)')
    .option('--debug', 'show the stack of an error');

/** The language of what is written; what is printed is in English. */
export const withLanguage = (command: Command): Command =>
  command.addOption(new Option('--lang <language>', 'language of the reports').choices(LANGUAGES).default('en'));

/** Several names, between commas, in one option or in several. */
export const names = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text.split(',').map((name) => name.trim()),
];

/** Options of the commands that measure; each sets a key of the configuration and overrides the file. */
export interface MeasureOptions extends CommonOptions {
  readonly server?: string;
  readonly dataset?: string;
  /** Of `tune`: a table in use, and its column; `server` is then where it is. */
  readonly table?: string;
  readonly column?: string;
  readonly deadline?: string;
  readonly sql?: string;
  readonly queries?: string;
  readonly records?: string;
  readonly queryRecords?: string;
  readonly metric?: ConfigInput['metric'];
  readonly k?: number;
  readonly recall?: number;
  readonly p95?: string;
  readonly indexSize?: string;
  readonly buildMemory?: string;
  readonly reuse?: boolean;
  readonly concurrency?: readonly number[];
  readonly rate?: number;
  readonly slo?: string;
  readonly rowsBudget?: string;
  readonly rerankScores?: string;
  readonly seed?: number;
  readonly name?: string;
  readonly resume?: string;
  readonly keepServer?: boolean;
  /** Of `tune` and `bench`: the language of the documents. */
  readonly lang?: DocumentLanguage;
}

export const withMeasureOptions = (command: Command): Command =>
  withCommonOptions(
    command
      .argument('[config]', 'a configuration file, see pgvtune init')
      .option('--server <server>', 'auto, embedded, local, container, env, or postgres://user@host/database')
      .option('--dataset <dataset>', 'a name in datasets/, or a file (HDF5, JSONL, Parquet …)')
      .option('--queries <file>', 'a file with query vectors, if the dataset has none')
      .option('--records <file>', 'ids, text and attributes of the vectors (JSONL, CSV, Parquet), in their order')
      .option('--query-records <file>', 'the same for the query vectors')
      .option('--metric <metric>', 'l2, ip, cosine, l1, hamming or jaccard')
      .option('-k, --k <rows>', 'neighbours of a query (LIMIT)', wholeNumber)
      .option(
        '--concurrency <clients>',
        'measure throughput with these numbers of clients, such as 1,2,4',
        wholeNumbers,
      )
      .option('--rate <number>', 'measure latency at this offered rate, in queries/s (open loop)', realNumber)
      .option('--slo <bound>', "find the highest rate that keeps latency within the bound, such as 'p99<=50ms'")
      .option('--seed <number>', 'seed of every random choice', wholeNumber)
      .option('--name <name>', 'name of the run; default: date, command and dataset')
      .option('--keep-server', 'keep the private cluster of a run that is interrupted, for --resume')
      .option('--resume <run>', 'continue an interrupted run, given by its name or folder'),
  );

/** The options of a command as overrides of the configuration. */
export const toOverrides = (options: MeasureOptions): ConfigInput =>
  withoutUndefined({
    ...datasetOf(options),
    queries: options.queries,
    records: options.records,
    query_records: options.queryRecords,
    metric: options.metric,
    k: options.k,
    keep_server: options.keepServer,
    rows_budget: options.rowsBudget,
    seed: options.seed,
    measure: withoutUndefined({
      concurrency: options.concurrency,
      rate: options.rate,
      slo: options.slo,
      reuse: options.reuse === false ? false : undefined,
    }),
    target: withoutUndefined({
      recall: options.recall,
      p95: options.p95,
      index_size: options.indexSize,
      build_memory: options.buildMemory,
    }),
  });

/** With a table in use, the server is where that is, and indexes are built on another one. */
function datasetOf({
  server,
  dataset,
  table,
  column,
  deadline,
}: MeasureOptions): Pick<ConfigInput, 'server' | 'dataset'> {
  const live = withoutUndefined({ table, column, deadline });
  if (Object.keys(live).length === 0) return { server, dataset };
  return { dataset: withoutUndefined({ ...live, server }) as ConfigInput['dataset'] };
}

const withoutUndefined = (object: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** What vectors of a dataset are compared by. */
export const metricOption = (otherwise: string): Option =>
  new Option('--metric <metric>', `how the vectors are compared; default: ${otherwise}`).choices(METRICS);

/** As in the vocabulary, which `--help` does not load. */
const METRICS: Metric[] = ['l2', 'ip', 'cosine', 'l1', 'hamming', 'jaccard'];

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('Expected a whole number.');
  return value;
}

function wholeNumbers(text: string, before: readonly number[] = []): readonly number[] {
  return [...before, ...text.split(',').map(wholeNumber)];
}

/** Between 0 and 1, both left out. */
export function share(text: string): number {
  const value = realNumber(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('Expected a share between 0 and 1, such as 0.05.');
  return value;
}

export function realNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}
