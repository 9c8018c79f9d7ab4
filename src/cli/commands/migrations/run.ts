import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { PgvtuneError } from '../../../errors.js';
import { analyseHistory, type Format, type HistoryAnalysis, readHistory } from '../../../migrations/index.js';
import { migrationDocument, type MigrationLanguage, migrationTexts, textOf } from '../../../reports/index.js';
import { formatCount, formatPercent } from '../../../units.js';
import type { Io } from '../../io.js';
import type { CommonOptions } from '../../options.js';
import { printable } from '../../printable.js';
import { severityMarks } from '../../severity.js';
import { style } from '../../style.js';

interface Options extends CommonOptions {
  readonly format: Format | 'auto';
  readonly out?: string;
  readonly lang: MigrationLanguage;
}

/** Where the document lies in the folder for documents. */
const DOCUMENT = 'db/migration_optimization.md';

/** Analyses a history, prints what it found and writes the document; true when a finding is severe. */
export async function runMigrations(folder: string, options: Options, io: Io): Promise<boolean> {
  const path = resolve(io.cwd, folder);
  const history = await readHistory(path, options.format);
  const analysis = analyseHistory(history);
  const out = options.out ?? (options.json ? null : 'docs');
  const file = out === null ? null : join(resolve(io.cwd, out), DOCUMENT);
  if (file !== null) write(file, migrationDocument({ name: basename(path), analysis }, options.lang));
  io.stdout.write(
    options.json ? `${JSON.stringify(documentOf(analysis), null, 2)}\n` : consoleText(analysis, options, io, file),
  );
  return analysis.findings.some(({ severity }) => severity === 'high');
}

function write(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new PgvtuneError('environment', `${file} cannot be written.`, {
      hint: 'Give a folder to write to with --out.',
      cause: error,
    });
  }
}

/** What `--json` prints: every finding with its English text, so that a log can be read without the program. */
function documentOf(analysis: HistoryAnalysis): object {
  const texts = migrationTexts('en');
  return {
    schemaVersion: 1,
    ...analysis,
    findings: analysis.findings.map((finding) => ({ ...finding, text: textOf(texts.findings, finding) })),
  };
}

const counted = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

function consoleText(analysis: HistoryAnalysis, options: Options, io: Io, file: string | null): string {
  const mark = severityMarks(style(io, options));
  const texts = migrationTexts(options.lang);
  const { revisions, format, coverage, findings, notUnderstood } = analysis;
  const line = (text: string): string =>
    printable(text.replaceAll('\n', ' ').replaceAll('`', '').replaceAll('\\|', '|'));
  const lines = [
    line(
      `${format}: ${counted(revisions.length, 'revision')}, ${counted(coverage.operations, 'operation')}, ${formatPercent(coverage.share)} understood`,
    ),
    ...findings.map((finding) => `${mark[finding.severity]}  ${line(textOf(texts.findings, finding))}`),
    ...(findings.length === 0 ? ['No findings.'] : []),
    ...(notUnderstood.length > 0
      ? [`Not understood: ${counted(notUnderstood.length, 'operation')}, listed in the document and in --json.`]
      : []),
    ...(file === null ? [] : [`Written: ${printable(file)}`]),
  ];
  return `${lines.join('\n')}\n`;
}
