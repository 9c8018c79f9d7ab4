import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { PgvtuneError } from '../../../errors.js';
import { analyseHistory, type HistoryAnalysis, readHistory } from '../../../migrations/index.js';
import { githubAnnotations, migrationDocument, migrationRemarks, sarif } from '../../../reports/index.js';
import { formatCount, formatPercent } from '../../../units.js';
import type { Io } from '../../io.js';
import { printable } from '../../printable.js';
import { severityMarks } from '../../severity.js';
import { style } from '../../style.js';
import { packageVersion } from '../../version.js';
import type { MigrationsOptions } from './command.js';

/** Where the document lies in the folder for documents. */
const DOCUMENT = 'db/migration_optimization.md';

/** Analyses a history, prints what it found and writes the document; true when something is severe. */
export async function runMigrations(folder: string, options: MigrationsOptions, io: Io): Promise<boolean> {
  const { since } = options;
  if (options.server !== undefined && since === undefined) {
    throw new PgvtuneError('usage', '--server needs --since: only hazards are judged by the tables of a server.', {
      hint: 'Name the newest revision that is deployed: --since <revision>.',
    });
  }
  const path = resolve(io.cwd, folder);
  const history = await readHistory(path, options.format);
  const live = options.server === undefined ? undefined : await tableSizes(options.server, options, io);
  const analysis = analyseHistory(history, { ...(since === undefined ? {} : { since }), ...(live ? { live } : {}) });
  const out = options.out ?? (options.json || options.github ? null : 'docs');
  const file = out === null ? null : join(resolve(io.cwd, out), DOCUMENT);
  if (file !== null) {
    write(
      file,
      migrationDocument({ name: basename(path), analysis, ...(since === undefined ? {} : { since }) }, options.lang),
    );
  }
  const fromHere = relative(io.cwd, path).replaceAll('\\', '/');
  if (options.sarif !== undefined) {
    const document = sarif(migrationRemarks(analysis, 'en'), fromHere, packageVersion());
    write(resolve(io.cwd, options.sarif), `${JSON.stringify(document, null, 2)}\n`);
  }
  io.stdout.write(printed(analysis, options, io, { file, fromHere }));
  return migrationRemarks(analysis, 'en').some(({ severity }) => severity === 'high');
}

async function tableSizes(choice: string, options: MigrationsOptions, io: Io) {
  const { openLiveServer } = await import('../../open-live.js');
  const { readTableSizes } = await import('../../../live/index.js');
  const { createReporter } = await import('../../progress.js');
  const server = await openLiveServer(choice, 'migrations', io, createReporter(io, options));
  try {
    const session = await server.connect('migrations');
    return await readTableSizes(session);
  } finally {
    await server.stop();
  }
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new PgvtuneError('environment', `${file} cannot be written.`, {
      hint: 'Give a place that can be written to.',
      cause: error,
    });
  }
}

interface Where {
  /** The document; null when none was written. */
  readonly file: string | null;
  readonly fromHere: string;
}

function printed(analysis: HistoryAnalysis, options: MigrationsOptions, io: Io, where: Where): string {
  if (options.json) return `${JSON.stringify(documentOf(analysis), null, 2)}\n`;
  if (options.github) return githubAnnotations(migrationRemarks(analysis, options.lang), where.fromHere);
  return consoleText(analysis, options, io, where);
}

/** What `--json` prints: every finding with its English text, so that a log can be read without the program. */
const documentOf = (analysis: HistoryAnalysis): object => ({
  schemaVersion: 1,
  ...analysis,
  remarks: migrationRemarks(analysis, 'en'),
});

const counted = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

function consoleText(analysis: HistoryAnalysis, options: MigrationsOptions, io: Io, { file }: Where): string {
  const mark = severityMarks(style(io, options));
  const { revisions, format, coverage, notUnderstood } = analysis;
  const remarks = migrationRemarks(analysis, options.lang);
  const lines = [
    `${format}: ${counted(revisions.length, 'revision')}, ${counted(coverage.operations, 'operation')}, ${formatPercent(coverage.share)} understood`,
    ...remarks.map(({ severity, text, place }) => {
      const at = place && !text.includes(`${place.file}:${place.line}`) ? ` (${place.file}:${place.line})` : '';
      return `${mark[severity]}  ${printable(`${text}${at}`)}`;
    }),
    ...(remarks.length === 0 ? ['No findings.'] : []),
    ...(notUnderstood.length > 0
      ? [`Not understood: ${counted(notUnderstood.length, 'operation')}, listed in the document and in --json.`]
      : []),
    ...(file === null ? [] : [`Written: ${printable(file)}`]),
  ];
  return `${lines.join('\n')}\n`;
}
