import { Option } from 'commander';
import { EXIT, PgvtuneError } from '../../../errors.js';
import type { Exported, ExportFormatName } from '../../../reports/index.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';
import { placeOfRun } from '../../place-of-run.js';

interface ExportOptions extends CommonOptions {
  readonly format: ExportFormatName;
  readonly output?: string;
}

/** What reads each format. As in the registry, which `--help` does not load. */
const FORMATS: Readonly<Record<ExportFormatName, string>> = {
  prometheus: 'gauges of the run and its recommendation, for the textfile collector of the node exporter',
  parquet: 'every point, with the columns of points.csv, for DuckDB, pandas and Polars',
  'ann-benchmarks': 'points of plain queries as HDF5 files, for the folder results/ of ann-benchmarks',
  vectordbbench: 'points of plain queries as a result file of VectorDBBench',
};

export const exportCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('export'))
    .description('write a run for Prometheus, data frames, ann-benchmarks or VectorDBBench')
    .argument('<run>', 'name or folder of the run')
    .addOption(new Option('--format <format>', 'see below').choices(Object.keys(FORMATS)).default('prometheus'))
    .option('-o, --output <path>', 'replace this file atomically, or fill this folder; default: print')
    .addHelpText(
      'after',
      `
Formats:
${Object.entries(FORMATS)
  .map(([name, what]) => `  ${name.padEnd(16)}${what}`)
  .join('\n')}

Examples:
  pgvtune export 20261123-020000-tune-docs -o /var/lib/prometheus/node-exporter/pgvtune.prom
  pgvtune export 20261123-020000-tune-docs --format parquet -o points.parquet
  pgvtune export 20261123-020000-tune-docs --format ann-benchmarks -o ann-benchmarks/results`,
    )
    .action(async (given: string, { format, output }: ExportOptions) => {
      const path = await import('node:path');
      const { readRun } = await import('../../../results/index.js');
      const { EXPORT_FORMATS } = await import('../../../reports/index.js');
      const { results, run } = placeOfRun(io.cwd, given);
      const exported: Exported = await EXPORT_FORMATS[format](readRun(results, run));
      if (output !== undefined) await write(path.resolve(io.cwd, output), exported);
      else if (typeof exported === 'string') io.stdout.write(exported);
      else throw new PgvtuneError('usage', `${format} is not text.`, { hint: 'Give its place with -o.' });
      exit(EXIT.done);
    });
};

async function write(place: string, exported: Exported): Promise<void> {
  const path = await import('node:path');
  const { makeFolder, writeAtomically } = await import('../../../results/index.js');
  const files =
    typeof exported === 'string' || exported instanceof Uint8Array ? [{ path: '', content: exported }] : exported;
  for (const file of files) {
    const full = path.join(place, file.path);
    makeFolder(path.dirname(full));
    writeAtomically(full, file.content);
  }
}
