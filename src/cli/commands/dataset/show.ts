import type { Command } from 'commander';
import type { Dataset } from '../../../datasets/index.js';
import { EXIT, PgvtuneError } from '../../../errors.js';
import { printableLine } from '../../../printable.js';
import type { Reporter } from '../../../progress.js';
import type { Io } from '../../io.js';
import { count } from '../../live-options.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';
import { documentText } from '../../document-text.js';

type Exit = (code: number) => void;

export function addShow(dataset: Command, io: Io, exit: Exit): void {
  withCommonOptions(dataset.command('show'))
    .description('describe a dataset: size, norms, duplicates, geometry, attributes, text')
    .argument('<dataset>', 'a name in datasets/, or a file')
    .option('--svg <file>', 'also draw how its distances are spread')
    .addHelpText('after', '\nExample:\n  pgvtune dataset show docs --svg docs.svg')
    .action(async (name: string, options: CommonOptions & { svg?: string }) => {
      const path = await import('node:path');
      const { describeDataset } = await import('../../../datasets/index.js');
      const { openNamedDataset } = await import('../../open-dataset.js');
      const { createReporter } = await import('../../progress.js');
      const { descriptionText } = await import('./description.js');
      const dataset = await openNamedDataset(name, { io, reporter: createReporter(io, options) });
      try {
        const description = await describeDataset(dataset, { signal: io.signal });
        const text = options.json ? documentText('dataset show', description) : descriptionText(description);
        io.stdout.write(text);
        if (options.svg !== undefined) {
          const { distanceSpreadChart, drawSvg } = await import('../../../reports/index.js');
          const { writeAtomically } = await import('../../../results/index.js');
          const svg = await drawSvg(distanceSpreadChart(dataset.manifest.name, description.distances));
          writeAtomically(path.resolve(io.cwd, options.svg), svg);
        }
      } finally {
        dataset.close();
      }
      exit(EXIT.done);
    });
}

export function addVerify(dataset: Command, io: Io, exit: Exit): void {
  withCommonOptions(dataset.command('verify'))
    .description('read a whole dataset and check that it is what was stored, and that declared neighbours are right')
    .argument('<dataset>', 'a name in datasets/')
    .addHelpText('after', '\nExit codes: 0 it is, 1 the declared neighbours are wrong, 2 the files are damaged.')
    .action(async (name: string, options: CommonOptions) => {
      const { openDataset, verifyDataset } = await import('../../../datasets/index.js');
      const { exactTruth } = await import('../../../exact/index.js');
      const { datasetStore } = await import('../../open-dataset.js');
      const { createReporter } = await import('../../progress.js');
      const { formatBytes } = await import('../../../units.js');
      const store = datasetStore(io);
      const task = createReporter(io, options).start({ code: 'verify-dataset', data: {} }, 1, 'share');
      const { manifest, bytes } = await verifyDataset(store, name, {
        signal: io.signal,
        onProgress: (share) => task.update(share),
      });
      task.finish();
      const stored = await openDataset(store, name);
      try {
        const { metric } = manifest;
        const k = (await stored.declaredNeighbours())?.k ?? 0;
        const declared =
          k > 0 && metric !== null ? (await exactTruth(stored, { metric, k, signal: io.signal })).declared : 'none';
        io.stdout.write(
          options.json
            ? documentText('dataset verify', { manifest, bytes, declared })
            : `${manifest.name}: ${formatBytes(bytes)}, all of it as it was stored${DECLARED[declared]}\n`,
        );
        exit(declared === 'refuted' ? EXIT.no : EXIT.done);
      } finally {
        stored.close();
      }
    });
}

const DECLARED = {
  none: '',
  believed: '; the declared neighbours of a sample of its queries are right',
  refuted: '; the declared neighbours are wrong, and not used',
} as const;

interface ExportOptions extends CommonOptions {
  readonly neighbours?: number;
}

export function addExport(dataset: Command, io: Io, exit: Exit): void {
  withCommonOptions(dataset.command('export'))
    .description('write a dataset to a file; its format follows from the file’s name')
    .argument('<dataset>', 'a name in datasets/')
    .argument('<file>', 'such as docs.hdf5, docs.parquet, docs.fbin or docs.jsonl.gz; without an end, a new folder')
    .option('--neighbours <k>', 'also the k exact nearest rows of each query, as ground truth', count)
    .addHelpText(
      'after',
      `
Examples:
  pgvtune dataset export docs docs.hdf5 --neighbours 100    as ann-benchmarks keeps it
  pgvtune dataset export docs docs-folder                   train.parquet and test.parquet, as VectorDBBench keeps them

HDF5 and such a folder hold everything; beside other files, queries and neighbours get files of their own.`,
    )
    .action(async (name: string, file: string, options: ExportOptions) => {
      const path = await import('node:path');
      const { exportDataset, openDataset } = await import('../../../datasets/index.js');
      const { datasetStore } = await import('../../open-dataset.js');
      const { createReporter } = await import('../../progress.js');
      const reporter = createReporter(io, options);
      const dataset = await openDataset(datasetStore(io), name);
      try {
        const k = options.neighbours;
        const neighbours =
          k === undefined ? {} : { neighbours: await exactNeighbours(dataset, k, reporter, io.signal) };
        const task = reporter.start({ code: 'write-dataset', data: {} }, dataset.manifest.rows, 'rows');
        const files = await exportDataset(dataset, path.resolve(io.cwd, file), {
          ...neighbours,
          signal: io.signal,
          onProgress: (done) => task.update(done),
        });
        task.finish();
        io.stdout.write(
          options.json
            ? documentText('dataset export', { files })
            : files.map((each) => `${printableLine(each)}\n`).join(''),
        );
      } finally {
        dataset.close();
      }
      exit(EXIT.done);
    });
}

async function exactNeighbours(dataset: Dataset, k: number, reporter: Reporter, signal: AbortSignal) {
  const { declaredNote, exactTruth } = await import('../../../exact/index.js');
  const { name, metric, rows } = dataset.manifest;
  if (metric === null) {
    throw new PgvtuneError('usage', `${name} does not say how its vectors are compared, so nothing is nearest.`, {
      hint: 'Import it again with --metric.',
    });
  }
  const task = reporter.start({ code: 'exact-neighbours', data: {} }, rows, 'rows');
  const truth = await exactTruth(dataset, { metric, k, signal, onProgress: (done) => task.update(done) });
  task.finish();
  const note = await declaredNote(truth, dataset);
  if (note !== null) reporter.note(note);
  return truth;
}
