import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, PgvtuneError } from '../../../errors.js';
import { count, withParameterOption } from '../../live-options.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, wholeNumber, withCommonOptions } from '../../options.js';
import { documentText } from '../../document-text.js';

interface ExplainOptions extends CommonOptions {
  readonly server: string;
  readonly file: string;
  readonly param?: readonly string[];
  readonly measure?: boolean;
  readonly queries: number;
  readonly deadline: string;
  readonly seed: number;
}

export const explainCommand: AddCommand = (program, io, exit) => {
  withParameterOption(withCommonOptions(program.command('explain')))
    .description("find out why an application's statement does not use its vector index, and rewrite it (read-only)")
    .requiredOption('--server <server>', 'env, or postgres://user@host/database; nothing is written there')
    .requiredOption('--file <file>', 'a file with one SELECT that orders by a distance; parameters as $1')
    .option('--measure', 'execute the changed statement, and the exact answer, with vectors of random rows')
    .option('--queries <count>', 'number of vectors to measure with; each costs one exact scan', count, 50)
    .option('--deadline <duration>', 'time limit of one statement', '30s')
    .option('--seed <number>', 'seed of every random choice', wholeNumber, 1)
    .addHelpText(
      'after',
      `
Plans the statement as its role would, finds what keeps the index out, and rewrites the statement without it. Where the
rewritten statement uses the index, each cause is one without which it would, and with which it does not. Parameters that
are not given are drawn: a vector of the table, a value of the column, LIMIT 10.

Examples:
  pgvtune explain --server env --file search.sql
  pgvtune explain --server env --file search.sql --param 2=20 --measure

Exit codes: 0 the index is used, or need not be; 1 something is to be changed; 2 usage; 4 the server failed.`,
    )
    .action(async (options: ExplainOptions) => {
      const { explainStatement, parseParameter } = await import('../../../live/index.js');
      const { monotonicClock } = await import('../../../measure/index.js');
      const { parseMs } = await import('../../../units.js');
      const { openLiveServer } = await import('../../open-live.js');
      const { createReporter } = await import('../../progress.js');
      const { style } = await import('../../style.js');
      const { explanationText } = await import('./print.js');
      const path = resolve(io.cwd, options.file);
      if (!existsSync(path)) throw new PgvtuneError('usage', `--file: there is no file ${path}.`);
      const sql = readFileSync(path, 'utf8');
      const given = new Map((options.param ?? []).map(parseParameter));
      const deadlineMs = parseMs(options.deadline);
      const reporter = createReporter(io, options);
      const server = await openLiveServer(options.server, 'explain', io, reporter);
      try {
        const session = await server.connect('explain');
        const report = await explainStatement({
          session,
          sql,
          given,
          measure: options.measure === true ? options.queries : null,
          deadlineMs,
          seed: options.seed,
          clock: monotonicClock,
          reporter,
        });
        io.stdout.write(
          options.json
            ? documentText('explain', { ...report, server: { label: server.label, ...report.server } })
            : explanationText(report, { server: server.label, paint: style(io, options) }),
        );
        exit(report.verdict === 'index used' || report.verdict === 'exact is right' ? EXIT.done : EXIT.no);
      } finally {
        await server.stop();
      }
    });
};
