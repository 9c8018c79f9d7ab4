import { resolve } from 'node:path';
import { Option } from 'commander';
import type { DatabaseSnapshot } from '../../../audit/index.js';
import { EXIT, PgvtuneError } from '../../../errors.js';
import type { Severity } from '../../../findings.js';
import type { Io } from '../../io.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';

interface AuditOptions extends CommonOptions {
  readonly server?: string;
  readonly out?: string;
  readonly list?: boolean;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly failOn: Severity | 'never';
  readonly deadline: string;
}

/** `findings.ts` has them as well, but would load more than `--help` needs. */
const FAIL_ON = ['high', 'medium', 'low', 'info', 'never'] as const satisfies readonly (Severity | 'never')[];

export const auditCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('audit'))
    .description('audit a live database, read-only: what is wrong, how sure that is, and SQL that mends it')
    .option('--server <server>', 'env, or postgres://user@host/database; nothing is written there')
    .option('--out <folder>', 'write db/*.md there, and scripts/db_optimization.sql beside it')
    .option('--list', 'list the checks, and make none')
    .option('--only <checks>', 'only these checks: ids, numbers or areas, separated by commas', words, [])
    .option('--skip <checks>', 'all but these checks', words, [])
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 where a finding is at least so severe')
        .choices(FAIL_ON)
        .default('high'),
    )
    .option('--deadline <duration>', 'what one query of the audit may take', '30s')
    .addHelpText(
      'after',
      `
A role that is a member of pg_monitor suffices, with pg_read_all_data (or SELECT) for what ANALYZE found out about columns.
What the role may not see is listed as not checked.

Examples:
  pgvtune audit --server postgres://monitor@db.example.com/shop --out docs
  pgvtune audit --server env --only indexes --fail-on medium

Exit codes: 0 no finding of that severity, 1 at least one, 2 usage, 4 the server cannot be reached or failed.`,
    )
    .action(async (options: AuditOptions) => {
      const { selectChecks } = await import('./select.js');
      const { auditTextsIn, writeAudit } = await import('../../../reports/index.js');
      const { auditDocumentJson, checkList, consoleText } = await import('./print.js');
      const { style } = await import('../../style.js');
      const checks = selectChecks(options.only, options.skip);
      const texts = auditTextsIn('en');
      if (options.list) {
        io.stdout.write(checkList(checks, texts, options.json === true));
        return;
      }
      if (options.server === undefined) {
        throw new PgvtuneError('usage', 'audit needs a server.', {
          hint: 'Name it: --server env, or --server postgres://user@host/database.',
        });
      }
      const { auditDatabase } = await import('../../../audit/index.js');
      const snapshot = await readSnapshot(options.server, options, io);
      const audit = auditDatabase(snapshot, checks);
      const report = { server: snapshot.server, audit, texts };
      const written = options.out === undefined ? [] : writeAudit(resolve(io.cwd, options.out), report);
      io.stdout.write(
        options.json ? auditDocumentJson(report, written) : consoleText(report, written, style(io, options)),
      );
      exit(failed(audit.findings, options.failOn) ? EXIT.no : EXIT.done);
    });
};

const words = (text: string): readonly string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

async function readSnapshot(choice: string, options: AuditOptions, io: Io): Promise<DatabaseSnapshot> {
  const { openServer } = await import('../../../postgres/index.js');
  const { takeDatabaseSnapshot } = await import('../../../live/index.js');
  const { refuseEmptyServer } = await import('../../open-live.js');
  const { createReporter } = await import('../../progress.js');
  const { parseMs } = await import('../../../units.js');
  refuseEmptyServer(choice);
  const deadlineMs = parseMs(options.deadline);
  const reporter = createReporter(io, options);
  const server = await openServer(choice, {
    run: 'audit',
    signal: io.signal,
    note: (text) => reporter.note(text),
    asIs: true,
  });
  try {
    return await takeDatabaseSnapshot(server, { deadlineMs });
  } finally {
    await server.stop();
  }
}

const failed = (findings: readonly { readonly severity: Severity }[], failOn: Severity | 'never'): boolean =>
  failOn !== 'never' && findings.some(({ severity }) => FAIL_ON.indexOf(severity) <= FAIL_ON.indexOf(failOn));
