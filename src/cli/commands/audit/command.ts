import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { DatabaseSnapshot } from '../../../audit/index.js';
import { EXIT, PgvtuneError } from '../../../errors.js';
import type { Severity } from '../../../findings.js';
import { type DocumentLanguage, LANGUAGES } from '../../../languages.js';
import type { AuditReport } from '../../../reports/index.js';
import type { Io } from '../../io.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, names, withCommonOptions } from '../../options.js';
import { documentText } from '../../document-text.js';

interface ServerOptions extends CommonOptions {
  readonly server?: string;
  readonly deadline: string;
}

interface AuditOptions extends ServerOptions {
  readonly out?: string;
  readonly list?: boolean;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly failOn: Severity | 'never';
  readonly since?: string;
  readonly measure?: (typeof MEASURES)[number];
  readonly budget?: string;
  readonly log?: readonly string[];
  readonly logLinePrefix?: string;
  readonly baseline?: string;
  readonly sarif?: string;
  readonly html?: string;
  readonly record?: string;
  readonly lang: DocumentLanguage;
}

/** `findings.ts` has them as well, but would load more than `--help` needs. */
const FAIL_ON = ['high', 'medium', 'low', 'info', 'never'] as const satisfies readonly (Severity | 'never')[];

const MEASURES = ['recall', 'tune'] as const;

export const auditCommand: AddCommand = (program, io, exit) => {
  const audit = withServerOptions(program.command('audit').enablePositionalOptions())
    .description('audit a live database (read-only): findings, how sure they are, and SQL that fixes them')
    .option('--out <folder>', 'write db/*.md there, and scripts/db_optimization.sql beside it')
    .option('--since <file>', 'judge counters by their growth since the audit snapshot in this file')
    .addOption(
      new Option(
        '--measure [what]',
        'recall: that of each index on vectors, 50 scans of its table for each; tune: also what the index could be, on a sample of its table and a server of its own',
      )
        .choices(MEASURES)
        .preset('tune'),
    )
    .option('--budget <time>', 'time that --measure tune may take for all indexes together (default: 10min)')
    .option(
      '--log <files...>',
      "look for slow statements and loops in the server's log as well: csvlog, jsonlog or stderr, also with gzip",
    )
    .option('--log-line-prefix <prefix>', "log_line_prefix of a stderr log (default: the server's)")
    .option('--list', 'list the checks without running them')
    .option('--only <checks>', 'only these checks: ids, numbers or areas, separated by commas', words, [])
    .option('--skip <checks>', 'all but these checks', words, [])
    .option(
      '--baseline <file>',
      'report only findings that are not in this document, printed by an earlier audit --json',
    )
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 if a finding is at least this severe')
        .choices(FAIL_ON)
        .default('high'),
    )
    .option('--sarif <file>', 'write the findings as SARIF 2.1.0 as well')
    .option('--html <file>', 'write the findings as one page that needs nothing else')
    .option('--record <folder>', 'write a hand-over record task_<date>_<time>.data there as well')
    .addOption(new Option('--lang <language>', 'language of what is written').choices(LANGUAGES).default('en'))
    .addHelpText(
      'after',
      `
A role that is a member of pg_monitor suffices, with pg_read_all_data (or SELECT) for the statistics of columns.
What the role may not see is listed as not checked.

Examples:
  pgvtune audit --server postgres://monitor@db.example.com/shop --out docs
  pgvtune audit --server env --only indexes --fail-on medium
  pgvtune audit --server env --log /var/log/postgresql/*.csv --out docs
  pgvtune audit --server env --measure --budget 20min --out docs
  pgvtune audit snapshot --server env --out monday.json
  pgvtune audit --server env --since monday.json

Exit codes: 0 no finding of that severity, 1 at least one, 2 usage, 4 the server cannot be reached or failed.`,
    )
    .action(async (options: AuditOptions) => exit(await runAudit(options, io)));
  withServerOptions(audit.command('snapshot'))
    .description('write the counters of a database into a file, for a later audit --since')
    .requiredOption('--out <file>', 'the file to write')
    .action(async (options: ServerOptions & { readonly out: string }) => {
      const { countersOf } = await import('../../../audit/index.js');
      const { writeAtomically } = await import('../../../results/index.js');
      const counters = countersOf(await readSnapshot(options, io));
      const file = resolve(io.cwd, options.out);
      writeAtomically(file, `${JSON.stringify(counters)}\n`);
      const { takenAt, database } = counters;
      io.stdout.write(
        options.json
          ? documentText('audit snapshot', { file, database, takenAt })
          : `${file}: counters of ${database} at ${takenAt}.\n`,
      );
    });
};

const withServerOptions = (command: Command): Command =>
  withCommonOptions(command)
    .option('--server <server>', 'env, or postgres://user@host/database; nothing is written there')
    .option('--deadline <duration>', 'time limit of one query of the audit', '30s');

const words = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...names(text).filter((word) => word !== ''),
];

/** @returns the exit code */
async function runAudit(options: AuditOptions, io: Io): Promise<number> {
  const { selectChecks } = await import('./select.js');
  const { auditTextsIn } = await import('../../../reports/index.js');
  const { auditDocumentJson, checkList, consoleText } = await import('./print.js');
  const { style } = await import('../../style.js');
  const checks = selectChecks(options.only, options.skip);
  const texts = auditTextsIn(options.lang);
  if (options.list) {
    io.stdout.write(checkList(checks, texts, options.json === true));
    return EXIT.done;
  }
  const { auditDatabase, countingFrom } = await import('../../../audit/index.js');
  const { readCounters, withoutKnown } = await import('./files.js');
  const before = options.since === undefined ? undefined : readCounters(resolve(io.cwd, options.since));
  const logs = await logFiles(options, io);
  const now = await readMeasured(options, io);
  const counted = before ? countingFrom(before, now) : now;
  const snapshot = logs.length === 0 ? counted : await withLog(counted, logs, options, io);
  const all = auditDatabase(snapshot, checks);
  const audit = options.baseline === undefined ? all : withoutKnown(all, resolve(io.cwd, options.baseline));
  const report = { server: snapshot.server, facts: snapshot, audit, texts };
  const written = await writeFiles(report, options, io);
  io.stdout.write(options.json ? auditDocumentJson(report, written) : consoleText(report, written, style(io, options)));
  return failed(audit.findings, options.failOn) ? EXIT.no : EXIT.done;
}

/** @returns paths of what was written */
async function writeFiles(report: AuditReport, options: AuditOptions, io: Io): Promise<readonly string[]> {
  const { auditPage, auditSarif, handOverName, handOverRecord, writeAudit } = await import('../../../reports/index.js');
  const { writeAtomically } = await import('../../../results/index.js');
  const { packageVersion } = await import('../../../version.js');
  const { mkdirSync } = await import('node:fs');
  const written: string[] = [];
  const write = (path: string, content: string): void => {
    mkdirSync(resolve(path, '..'), { recursive: true });
    writeAtomically(path, content);
    written.push(path);
  };
  if (options.out !== undefined) written.push(...writeAudit(resolve(io.cwd, options.out), report));
  if (options.sarif !== undefined)
    write(resolve(io.cwd, options.sarif), `${JSON.stringify(auditSarif(report, packageVersion()), null, 2)}\n`);
  if (options.html !== undefined) write(resolve(io.cwd, options.html), auditPage(report, options.lang));
  if (options.record !== undefined) {
    write(resolve(io.cwd, options.record, handOverName(report.server.takenAt)), handOverRecord(report));
  }
  return written;
}

/** Refuses what cannot be read before the server is asked. */
async function logFiles({ log = [], logLinePrefix }: AuditOptions, io: Io): Promise<readonly string[]> {
  if (logLinePrefix !== undefined && log.length === 0) {
    throw new PgvtuneError('usage', '--log-line-prefix needs a log.', { hint: 'Name its files: --log postgresql.log' });
  }
  const paths = log.map((file) => resolve(io.cwd, file));
  const { checkLogFile } = await import('../../../logs/index.js');
  await Promise.all(paths.map(checkLogFile));
  return paths;
}

async function withLog(
  snapshot: DatabaseSnapshot,
  paths: readonly string[],
  options: AuditOptions,
  io: Io,
): Promise<DatabaseSnapshot> {
  const { readStatementLog } = await import('../../../logs/index.js');
  const { createReporter } = await import('../../progress.js');
  const { settings, server } = snapshot;
  const parts = await readStatementLog({
    paths,
    linePrefix: options.logLinePrefix ?? settings['log_line_prefix'] ?? '',
    timeZone: settings['log_timezone'] ?? null,
    database: server.database,
    signal: io.signal,
    reporter: createReporter(io, options),
  });
  return { ...snapshot, ...parts };
}

/** The snapshot, with what was measured for it. */
async function readMeasured(options: AuditOptions, io: Io): Promise<DatabaseSnapshot> {
  const { measure, budget } = options;
  if (budget !== undefined && measure !== 'tune') {
    throw new PgvtuneError('usage', '--budget is for --measure tune.', {
      hint: 'Leave it out, or add --measure tune.',
    });
  }
  const { parseBudget } = await import('../../../units.js');
  const budgetSeconds = parseBudget(budget ?? '10min') / 1000;
  const snapshot = await readSnapshot(options, io, measure !== undefined);
  if (measure !== 'tune') return snapshot;
  const { tuneIndexes } = await import('./tune-indexes.js');
  const { createReporter } = await import('../../progress.js');
  const { color, quiet = false, deadline, server = '' } = options;
  const tuned = await tuneIndexes(
    snapshot,
    { color, quiet, server, deadline, budgetSeconds },
    { io, reporter: createReporter(io, options), clock: () => performance.now() / 1000 },
  );
  return { ...snapshot, tuned };
}

async function readSnapshot(options: ServerOptions, io: Io, measure = false): Promise<DatabaseSnapshot> {
  if (options.server === undefined) {
    throw new PgvtuneError('usage', 'audit needs a server.', {
      hint: 'Name it: --server env, or --server postgres://user@host/database.',
    });
  }
  const { openServer } = await import('../../../postgres/index.js');
  const { takeDatabaseSnapshot } = await import('../../../live/index.js');
  const { refuseEmptyServer } = await import('../../open-live.js');
  const { createReporter } = await import('../../progress.js');
  const { parseMs } = await import('../../../units.js');
  refuseEmptyServer(options.server);
  const deadlineMs = parseMs(options.deadline);
  const reporter = createReporter(io, options);
  const server = await openServer(options.server, {
    run: 'audit',
    signal: io.signal,
    note: (note) => reporter.note(note),
    asIs: true,
  });
  try {
    const snapshot = await takeDatabaseSnapshot(server, { deadlineMs });
    if (!measure) return snapshot;
    const { measureIndexes } = await import('../../../live/index.js');
    return { ...snapshot, measured: await measureIndexes(server, snapshot, { deadlineMs, reporter }) };
  } finally {
    await server.stop();
  }
}

const failed = (findings: readonly { readonly severity: Severity }[], failOn: Severity | 'never'): boolean =>
  failOn !== 'never' && findings.some(({ severity }) => FAIL_ON.indexOf(severity) <= FAIL_ON.indexOf(failOn));
