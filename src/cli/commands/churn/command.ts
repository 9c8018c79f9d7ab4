import { PgvtuneError } from '../../../errors.js';
import type { ChurnShape } from '../../../tune/index.js';
import type { AddCommand } from '../../main.js';
import { type MeasureOptions, realNumber, toOverrides, wholeNumber, withMeasureOptions } from '../../options.js';

interface ChurnOptions extends MeasureOptions {
  readonly run?: string;
  readonly rounds: number;
  readonly turnover: number;
  readonly mix: string;
  readonly drift?: boolean;
  readonly changes?: number;
}

export const churnCommand: AddCommand = (program, io, exit) => {
  withMeasureOptions(program.command('churn'))
    .description('measure how an index degrades while rows change, and when maintenance is due')
    .option('--run <run>', 'take index and search settings from the recommendation of a run of tune')
    .option('--rounds <number>', 'rounds of changes, each followed by a measurement', wholeNumber, 5)
    .option('--turnover <share>', 'share of the initial rows that each round changes', realNumber, 0.1)
    .option('--mix <shares>', 'inserts:updates:deletes', '40:40:20')
    .option('--drift', 'insert vectors that drift away from the initial ones')
    .option('--changes <rate>', 'changes per second; default: as fast as one connection can write', realNumber)
    .addHelpText(
      'after',
      `
Builds the index on a part of the rows, inserts, updates and deletes rows in rounds with concurrent searches, and measures
recall, pages, latency and sizes after each; then after VACUUM, and after REINDEX. Writes maintenance.md.

Examples:
  pgvtune churn --dataset docs --server local
  pgvtune churn --run 20261122-204501-tune-docs --mix 80:10:10 --rounds 8
  pgvtune churn ivfflat.yaml --drift                       do new vectors still find their lists?

Exit codes: 0 measured, 2 usage, 3 nothing could be measured, 4 the server failed, 130 interrupted.`,
    )
    .action(async (file: string | undefined, options: ChurnOptions) => {
      const { runSearch } = await import('../../run-search.js');
      const { churnFromConfig } = await import('../../../tune/index.js');
      const { readEarlier, recommendationOf } = await import('../../recommendation-of-run.js');
      const { churnExit, printChurn } = await import('./print.js');
      const changes = changesOf(options);
      const before = options.run === undefined ? null : readEarlier(options.run, io);
      const chosen = before && recommendationOf(before);
      const outcome = await runSearch(
        {
          command: 'churn',
          file: file ?? null,
          overrides: toOverrides(options),
          options,
          io,
          ...(before ? { like: before.manifest } : {}),
        },
        (config) => churnFromConfig(config, chosen, changes),
      );
      printChurn(outcome, options, io);
      exit(churnExit(outcome));
    });
};

/** @throws {PgvtuneError} `usage` */
function changesOf({ rounds, turnover, mix, drift, changes }: ChurnOptions): ChurnShape {
  if (rounds < 1) throw new PgvtuneError('usage', `--rounds: expected 1 or more, got ${rounds}.`);
  if (!(turnover > 0 && turnover <= 1)) {
    throw new PgvtuneError('usage', `--turnover: expected a share above 0 and up to 1, got ${turnover}.`, {
      hint: '0.1 changes a tenth of the rows in each round.',
    });
  }
  if (changes !== undefined && changes <= 0) {
    throw new PgvtuneError('usage', `--changes: expected more than 0 changes a second, got ${changes}.`);
  }
  return {
    rounds,
    turnover,
    mix: sharesOf(mix),
    arrival: drift === true ? 'drifting' : 'random',
    changesPerSecond: changes ?? null,
  };
}

function sharesOf(mix: string): ChurnShape['mix'] {
  const parts = mix.split(':').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [insert = 0, update = 0, remove = 0] = parts;
  const total = insert + update + remove;
  if (parts.length !== 3 || !parts.every((part) => part >= 0 && Number.isFinite(part)) || total === 0) {
    throw new PgvtuneError('usage', `--mix: expected three numbers such as 40:40:20, got "${mix}".`, {
      hint: 'They are the shares of inserts, updates and deletes.',
    });
  }
  return { insert: insert / total, update: update / total, delete: remove / total };
}
