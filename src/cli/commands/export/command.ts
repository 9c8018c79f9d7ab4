import { EXIT } from '../../../errors.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';
import { placeOfRun } from '../../place-of-run.js';

interface ExportOptions extends CommonOptions {
  readonly output?: string;
}

export const exportCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('export'))
    .description('write a run for Prometheus')
    .argument('<run>', 'name or folder of the run')
    .option('-o, --output <file>', 'replace this file atomically; default: print')
    .addHelpText(
      'after',
      `
The metrics are those of the run and of its recommendation: a dozen series, however much was measured. The file is for the
textfile collector of the node exporter.

Example:
  pgvtune export 20261123-020000-tune-docs -o /var/lib/prometheus/node-exporter/pgvtune.prom`,
    )
    .action(async (given: string, options: ExportOptions) => {
      const path = await import('node:path');
      const { readRun, writeAtomically } = await import('../../../results/index.js');
      const { prometheusText, viewRun } = await import('../../../reports/index.js');
      const { results, run } = placeOfRun(io.cwd, given);
      const files = readRun(results, run);
      const finished = files.records.findLast((record) => record.type === 'answer');
      const text = await prometheusText(viewRun(files), finished);
      if (options.output === undefined) io.stdout.write(text);
      else writeAtomically(path.resolve(io.cwd, options.output), text);
      exit(EXIT.done);
    });
};
