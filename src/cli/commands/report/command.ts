import { EXIT } from '../../../errors.js';
import { printableLine } from '../../../printable.js';
import type { AddCommand } from '../../main.js';
import type { DocumentLanguage } from '../../../languages.js';
import { type CommonOptions, withCommonOptions, withLanguage } from '../../options.js';
import { placeOfRun, resultsFolder } from '../../place-of-run.js';
import { documentText } from '../../document-text.js';

interface ReportOptions extends CommonOptions {
  readonly lang: DocumentLanguage;
}

export const reportCommand: AddCommand = (program, io, exit) => {
  withLanguage(withCommonOptions(program.command('report')))
    .description('rebuild the reports of a run from its journal')
    .argument('[run]', 'name or folder of the run; default: the newest')
    .addHelpText(
      'after',
      `
Examples:
  pgvtune report 20261122-204501-tune-docs
  pgvtune report 20261122-204501-tune-docs --lang ru   its documents and charts in Russian`,
    )
    .action(async (name: string | undefined, options: ReportOptions) => {
      const { listRuns, readRun } = await import('../../../results/index.js');
      const { writeReports } = await import('../../../reports/index.js');
      const { PgvtuneError } = await import('../../../errors.js');
      const given = name ?? listRuns(resultsFolder(io.cwd))[0];
      if (given === undefined) {
        throw new PgvtuneError('usage', `There are no runs under ${resultsFolder(io.cwd)}.`, {
          hint: 'Make one: pgvtune tune',
        });
      }
      const { results, run } = placeOfRun(io.cwd, given);
      const reports = await writeReports(readRun(results, run), { language: options.lang });
      if (options.json) io.stdout.write(documentText('report', { run, reports }));
      else for (const path of reports) io.stdout.write(`${printableLine(path)}\n`);
      exit(EXIT.done);
    });
};
