import { InvalidArgumentError } from 'commander';
import { EXIT, PgvtuneError } from '../../../errors.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, realNumber, withCommonOptions } from '../../options.js';
import { placeOfRun } from '../../place-of-run.js';

interface CompareOptions extends CommonOptions {
  readonly recallChange: number;
  readonly workChange: number;
  readonly acrossServers?: boolean;
}

export const compareCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('compare'))
    .description('compare two runs: recall, completeness and work strictly, latency with care')
    .argument('<base>', 'name or folder of a run, such as a stored baseline')
    .argument('<candidate>', 'name or folder of the run to judge')
    .option('--recall-change <share>', 'smallest change of recall and completeness that matters', share, 0.01)
    .option('--work-change <share>', 'smallest change of work, size and latency that matters', share, 0.05)
    .option('--across-servers', 'compare different servers and versions of PostgreSQL and pgvector')
    .addHelpText(
      'after',
      `
Runs of different datasets, metrics, k, queries or servers are refused. Prints Markdown, or JSON with --json.

Examples:
  pgvtune compare 20261122-020000-bench-docs 20261123-020000-bench-docs
  pgvtune compare baselines/docs results/tonight --json

Exit codes: 0 the same; 1 different, for better or worse; 2 usage, unlike runs; 3 unknown.`,
    )
    .action(async (base: string, candidate: string, options: CompareOptions) => {
      const { readRun } = await import('../../../results/index.js');
      const { compareRuns } = await import('../../../nightly/index.js');
      const { comparisonDocument, unlikenessText } = await import('../../../reports/index.js');
      const read = (given: string) => {
        const { results, run } = placeOfRun(io.cwd, given);
        return readRun(results, run);
      };
      const compared = compareRuns(read(base), read(candidate), {
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
      io.stdout.write(options.json ? `${JSON.stringify(comparison, null, 2)}\n` : comparisonDocument(comparison));
      exit(EXITS[comparison.answer]);
    });
};

const EXITS = { same: EXIT.done, different: EXIT.no, unknown: EXIT.inconclusive } as const;

function share(text: string): number {
  const value = realNumber(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('Expected a share between 0 and 1, such as 0.01.');
  return value;
}
