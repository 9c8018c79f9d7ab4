import type { Command } from 'commander';
import type { Dataset, DatasetManifest } from '../../../datasets/index.js';
import { EXIT, PgvtuneError } from '../../../errors.js';
import { printableLine } from '../../../printable.js';
import type { Metric } from '../../../vocabulary.js';
import type { Io } from '../../io.js';
import type { AddCommand } from '../../main.js';
import { addExport, addShow, addVerify } from './show.js';
import { count } from '../../live-options.js';
import { type CommonOptions, metricOption, names, realNumber, wholeNumber, withCommonOptions } from '../../options.js';
import { addSample } from './sample.js';
import { documentText } from '../../document-text.js';

type Exit = (code: number) => void;

export const datasetCommand: AddCommand = (program, io, exit) => {
  const dataset = program.command('dataset').description('generate, import, sample and describe datasets');
  addGenerate(dataset, io, exit);
  addImport(dataset, io, exit);
  addSample(dataset, io, exit);
  addList(dataset, io, exit);
  addShow(dataset, io, exit);
  addVerify(dataset, io, exit);
  addExport(dataset, io, exit);
};

interface GenerateOptions extends CommonOptions {
  readonly rows?: number;
  readonly dimensions?: number;
  readonly queries?: number;
  readonly seed?: number;
  readonly clusters?: number;
  readonly intrinsicDimension?: number;
  readonly duplicates?: number;
  readonly name?: string;
}

function addGenerate(dataset: Command, io: Io, exit: Exit): void {
  withCommonOptions(dataset.command('generate'))
    .description('generate a dataset; the same settings give the same vectors on every machine')
    .argument('[config]', 'a configuration file with further settings under dataset.generate (see pgvtune init)')
    .option('--rows <count>', 'rows (base vectors)', wholeNumber)
    .option('--dims, --dimensions <count>', 'dimensions of a vector', wholeNumber)
    .option('--queries <count>', 'held-out query vectors', wholeNumber)
    .option('--seed <number>', 'seed of every random choice', wholeNumber)
    .option('--clusters <count>', 'clusters of vectors', wholeNumber)
    .option('--intrinsic-dimension <count>', 'intrinsic dimension of the vectors', wholeNumber)
    .option('--duplicates <share>', 'share of rows that repeat the vector of another row', realNumber)
    .option('--name <name>', 'name of the dataset')
    .addHelpText(
      'after',
      `
Examples:
  pgvtune dataset generate --rows 100000 --dims 384 --name demo
  pgvtune dataset generate tenants.yaml --rows 1000000 --name tenants

Attributes, text and the spread of clusters, queries and outliers are set in the configuration file.`,
    )
    .action(async (file: string | undefined, options: GenerateOptions) => {
      const path = await import('node:path');
      const { resolveConfig } = await import('../../../config/index.js');
      const { generateSource, importDataset } = await import('../../../datasets/index.js');
      const { datasetStore, reporting } = await import('../../open-dataset.js');
      const { createReporter } = await import('../../progress.js');
      const knobs = {
        rows: options.rows,
        dimensions: options.dimensions,
        queries: options.queries,
        seed: options.seed,
        clusters: options.clusters,
        intrinsic_dimension: options.intrinsicDimension,
        duplicates: options.duplicates,
      };
      const given = Object.fromEntries(Object.entries(knobs).filter(([, value]) => value !== undefined));
      const config = file === undefined ? null : path.resolve(io.cwd, file);
      const { dataset: named } = resolveConfig(config, {});
      const name = typeof named === 'string' ? named : 'table' in named ? named.table : null;
      if (name !== null) {
        throw new PgvtuneError('usage', `${file}: dataset is "${name}", and says nothing to generate.`, {
          hint: 'Write the settings of the generator under dataset.generate.',
        });
      }
      const { dataset: resolved } = resolveConfig(config, { dataset: { generate: given } });
      const { generate } = resolved as Extract<typeof named, { generate: unknown }>;
      const made = await importDataset(datasetStore(io), generateSource(generate), {
        ...(options.name === undefined ? {} : { name: options.name }),
        ...reporting(createReporter(io, options), io),
      });
      await finish('generate', made, options, io, exit);
    });
}

interface ImportOptions extends CommonOptions {
  readonly queries?: string;
  readonly records?: string;
  readonly queryRecords?: string;
  readonly neighbours?: string;
  readonly holdOut?: number;
  readonly seed?: number;
  readonly vectorField?: string;
  readonly textField?: string;
  readonly idField?: string;
  readonly attributes?: readonly string[];
  readonly vectors?: string;
  readonly queryVectors?: string;
  readonly truth?: string;
  readonly skipInvalid?: boolean;
  readonly name?: string;
  readonly metric?: Metric;
}

function addImport(dataset: Command, io: Io, exit: Exit): void {
  withCommonOptions(dataset.command('import'))
    .description('import vectors from a file into datasets/')
    .argument('<file>', 'HDF5, Parquet, JSON, CSV, COPY, pg_dump, npy, fvecs, fbin …, or a folder with train.parquet')
    .option('--queries <file>', 'a file with the query vectors; without one, some rows are held out')
    .option('--records <file>', 'ids, text and attributes of the vectors (JSONL, CSV, Parquet), in their order')
    .option('--query-records <file>', 'the same for the queries')
    .option(
      '--neighbours <file>',
      'row numbers of the exact neighbours of each query (.ivecs, .ibin …); a sample is verified',
    )
    .option('--hold-out <count>', 'rows to hold out as queries; default: a tenth, at most 10000', count)
    .option('--seed <number>', 'seed of the choice of held-out rows; default: 1', wholeNumber)
    .option('--vector-field <name>', 'field or column of the vector, if the file has several; also data[0].embedding')
    .option('--text-field <name>', 'field or column of the text; default: content, text, body or document')
    .option('--id-field <name>', 'field or column of the id; default: id or _id')
    .option('--attributes <names>', 'attributes to keep, such as lang,metadata.tenant; default: all', names)
    .option('--vectors <name>', 'HDF5: the dataset of the vectors; default: train, base …')
    .option('--query-vectors <name>', 'HDF5: the dataset of the queries; default: test, query …')
    .option('--truth <name>', 'HDF5: the dataset of the exact neighbours; default: neighbors, groundtruth …')
    .option(
      '--skip-invalid',
      'leave out rows without a vector, with NaN, or (cosine) of zeros; default: refuse the file',
    )
    .option('--name <name>', 'name of the dataset; default: the name of the file')
    .addOption(metricOption('what the file says'))
    .addHelpText(
      'after',
      `
Examples:
  pgvtune dataset import sift-128-euclidean.hdf5 --name sift
  pgvtune dataset import docs.jsonl.gz --queries queries.jsonl.gz --metric cosine
  pgvtune dataset import batch_output.jsonl --id-field custom_id --attributes metadata.tenant
  pgvtune dataset import docs.hdf5 --records docs.jsonl.gz --query-records queries.jsonl.gz
  pgvtune dataset import sift_base.fvecs --queries sift_query.fvecs --neighbours sift_groundtruth.ivecs --metric l2`,
    )
    .action(async (file: string, options: ImportOptions) => {
      const path = await import('node:path');
      const { ensureDataset } = await import('../../../datasets/index.js');
      const { datasetStore, filesBeside, reporting } = await import('../../open-dataset.js');
      const { createReporter } = await import('../../progress.js');
      const { neighbours, holdOut, seed, name, metric } = options;
      if (options.queries !== undefined && holdOut !== undefined) {
        throw new PgvtuneError(
          'usage',
          '--hold-out takes queries out of the rows, and --queries gives a file of them.',
          {
            hint: 'Give one of them.',
          },
        );
      }
      const imported = await ensureDataset(datasetStore(io), path.resolve(io.cwd, file), {
        ...filesBeside({ ...options, query_records: options.queryRecords }, io),
        ...(neighbours === undefined ? {} : { neighboursFile: path.resolve(io.cwd, neighbours) }),
        ...(holdOut === undefined ? {} : { queries: holdOut }),
        ...(seed === undefined ? {} : { seed }),
        ...fieldsOf(options),
        ...(name === undefined ? {} : { name }),
        ...(metric === undefined ? {} : { metric }),
        ...reporting(createReporter(io, options), io),
      });
      await finish('import', imported, options, io, exit);
    });
}

/** The options that say which field is which. */
function fieldsOf(options: ImportOptions) {
  const { vectorField, textField, idField, attributes, vectors, queryVectors, truth, skipInvalid } = options;
  return {
    ...(vectorField === undefined ? {} : { vectorField }),
    ...(textField === undefined ? {} : { textField }),
    ...(idField === undefined ? {} : { idField }),
    ...(attributes === undefined ? {} : { attributes }),
    ...(vectors === undefined ? {} : { vectors }),
    ...(queryVectors === undefined ? {} : { queryVectors }),
    ...(truth === undefined ? {} : { truth }),
    ...(skipInvalid === undefined ? {} : { skipInvalid }),
  };
}

async function finish(
  command: 'generate' | 'import',
  dataset: Dataset,
  options: CommonOptions,
  io: Io,
  exit: Exit,
): Promise<void> {
  const { manifest } = dataset;
  dataset.close();
  io.stdout.write(
    options.json ? documentText(`dataset ${command}`, manifest) : `${await oneLine([manifest.name], manifest)}\n`,
  );
  exit(EXIT.done);
}

function addList(dataset: Command, io: Io, exit: Exit): void {
  withCommonOptions(dataset.command('list'))
    .description('list the datasets in datasets/')
    .action(async (options: CommonOptions) => {
      const { listDatasets } = await import('../../../datasets/index.js');
      const { datasetStore } = await import('../../open-dataset.js');
      const { createReporter } = await import('../../progress.js');
      const stored = await listDatasets(datasetStore(io));
      const folder = datasetStore(io);
      if (stored.length === 0) createReporter(io, options).note({ code: 'no-datasets', data: { folder } });
      if (options.json) io.stdout.write(documentText('dataset list', { datasets: stored }));
      else
        for (const { names, manifest } of stored) io.stdout.write(`${printableLine(await oneLine(names, manifest))}\n`);
      exit(EXIT.done);
    });
}

async function oneLine(names: readonly string[], manifest: DatasetManifest): Promise<string> {
  const { formatCount } = await import('../../../units.js');
  const { rows, dimensions, queries, metric, synthetic, hash } = manifest;
  const kind = synthetic ? ', generated' : '';
  const name = names.length > 0 ? names.join(', ') : '(no name)';
  return `${name}: ${formatCount(rows)} × ${dimensions}, ${formatCount(queries)} queries, ${metric ?? 'no metric'}${kind}, ${hash.slice(0, 12)}`;
}
