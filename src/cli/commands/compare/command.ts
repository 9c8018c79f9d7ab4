import { Option } from 'commander';
import { EXIT, PgvtuneError } from '../../../errors.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, share, withCommonOptions } from '../../options.js';
import { documentText } from '../../document-text.js';

interface CompareOptions extends CommonOptions {
  readonly recallChange: number;
  readonly workChange: number;
  readonly acrossServers?: boolean;
  readonly format: 'markdown' | 'json' | 'junit' | 'github';
}

export const compareCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('compare'))
    .description('compare two runs: recall, completeness and work strictly, latency with care')
    .argument('<base>', 'name or folder of a run, such as a stored baseline')
    .argument('<candidate>', 'name or folder of the run to judge')
    .option('--recall-change <share>', 'smallest change of recall and completeness that matters', share, 0.01)
    .option('--work-change <share>', 'smallest change of work, size and latency that matters', share, 0.05)
    .option('--across-servers', 'compare different servers and versions of PostgreSQL and pgvector')
    .addOption(
      new Option('--format <format>', 'github: annotations, and Markdown for the summary of the job')
        .choices(['markdown', 'json', 'junit', 'github'])
        .default('markdown'),
    )
    .addHelpText(
      'after',
      `
Runs of different datasets, metrics, k, queries or servers are refused. --json is --format json.

Examples:
  pgvtune compare 20261122-020000-bench-docs 20261123-020000-bench-docs
  pgvtune compare baselines/docs results/tonight --json

Exit codes: 0 the same; 1 different, for better or worse; 2 usage, unlike runs; 3 unknown.`,
    )
    .action(async (base: string, candidate: string, options: CompareOptions) => {
      const { readEarlier } = await import('../../recommendation-of-run.js');
      const { compareRuns } = await import('../../../nightly/index.js');
      const { comparisonDocument, githubComparison, junitXml, unlikenessText } =
        await import('../../../reports/index.js');
      const compared = compareRuns(readEarlier(base, io), readEarlier(candidate, io), {
        interest: { recall: options.recallChange, work: options.workChange },
        acrossServers: options.acrossServers ?? false,
      });
      if (compared.kind === 'unlike') {
        throw new PgvtuneError('usage', `These runs are not comparable: ${unlikenessText(compared.unlike)}.`, {
          hint: 'Compare runs of one configuration; --across-servers allows other servers and versions.',
        });
      }
      if (compared.kind === 'nothing-in-common') {
        throw new PgvtuneError('usage', 'These runs measured no specification of an index in common.', {
          hint: 'Compare runs of one configuration.',
        });
      }
      const { comparison } = compared;
      const formats = {
        markdown: () => comparisonDocument(comparison),
        json: () => documentText('compare', comparison),
        junit: () => junitXml(comparison),
        github: () => githubComparison(comparison),
      };
      io.stdout.write(formats[options.json ? 'json' : options.format]());
      const summary = io.env['GITHUB_STEP_SUMMARY'];
      if (options.format === 'github' && summary) {
        const { appendFile } = await import('node:fs/promises');
        await appendFile(summary, comparisonDocument(comparison));
      }
      exit(EXITS[comparison.answer]);
    });
};

const EXITS = { same: EXIT.done, different: EXIT.no, unknown: EXIT.inconclusive } as const;
