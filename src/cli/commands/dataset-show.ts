import type { Command } from 'commander';
import { EXIT } from '../../errors.js';
import type { Io } from '../io.js';
import { type CommonOptions, withCommonOptions } from '../options.js';

type Exit = (code: number) => void;

export function addShow(dataset: Command, io: Io, exit: Exit): void {
  withCommonOptions(dataset.command('show'))
    .description('describe a dataset: size, norms, duplicates, geometry, attributes, text')
    .argument('<dataset>', 'a name in datasets/, or a file')
    .option('--svg <file>', 'also draw how its distances are spread')
    .addHelpText('after', '\nExample:\n  pgvtune dataset show docs --svg docs.svg')
    .action(async (name: string, options: CommonOptions & { svg?: string }) => {
      const path = await import('node:path');
      const { describeDataset } = await import('../../datasets/index.js');
      const { openNamedDataset } = await import('../open-dataset.js');
      const { createReporter } = await import('../progress.js');
      const { descriptionText } = await import('../dataset-description.js');
      const dataset = await openNamedDataset(name, { io, reporter: createReporter(io, options) });
      try {
        const description = await describeDataset(dataset, { signal: io.signal });
        const text = options.json ? `${JSON.stringify(description, null, 2)}\n` : descriptionText(description);
        io.stdout.write(text);
        if (options.svg !== undefined) {
          const { distanceSpreadChart, drawSvg } = await import('../../reports/index.js');
          const { writeAtomically } = await import('../../results/index.js');
          const svg = await drawSvg(distanceSpreadChart(dataset.manifest.name, description.geometry.distances));
          writeAtomically(path.resolve(io.cwd, options.svg), svg);
        }
      } finally {
        dataset.close();
      }
      exit(EXIT.done);
    });
}

export function addExport(dataset: Command, io: Io, exit: Exit): void {
  withCommonOptions(dataset.command('export'))
    .description('write a dataset to a file; its format follows from the file’s name')
    .argument('<dataset>', 'a name in datasets/')
    .argument('<file>', 'such as docs.hdf5, docs.parquet, docs.fbin, docs.jsonl.gz')
    .addHelpText('after', '\nExample:\n  pgvtune dataset export docs docs.hdf5')
    .action(async (name: string, file: string, options: CommonOptions) => {
      const path = await import('node:path');
      const { exportDataset, openDataset } = await import('../../datasets/index.js');
      const { datasetStore } = await import('../open-dataset.js');
      const { createReporter } = await import('../progress.js');
      const dataset = await openDataset(datasetStore(io), name);
      try {
        const task = createReporter(io, options).start('Writing', dataset.manifest.rows, 'rows');
        const files = await exportDataset(dataset, path.resolve(io.cwd, file), {
          signal: io.signal,
          onProgress: (done) => task.update(done),
        });
        task.finish();
        io.stdout.write(
          options.json ? `${JSON.stringify({ files }, null, 2)}\n` : files.map((each) => `${each}\n`).join(''),
        );
      } finally {
        dataset.close();
      }
      exit(EXIT.done);
    });
}
