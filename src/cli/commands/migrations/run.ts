import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { PgvtuneError } from '../../../errors.js';
import type { HistoryTimes, SquashProof } from '../../../experiment/index.js';
import {
  analyseHistory,
  type Deployment,
  downgradeScripts,
  graphOf,
  type HistoryAnalysis,
  includedIn,
  isMostlyLeftOut,
  planSquash,
  type Revision,
  type SquashPlan,
  squashedScripts,
  upgradeScripts,
} from '../../../migrations/index.js';
import type { Note } from '../../../progress.js';
import {
  githubAnnotations,
  migrationDocument,
  migrationRemarks,
  sarif,
  squashFiles,
  wayBackText,
} from '../../../reports/index.js';
import { formatCount, formatPercent, parseRows } from '../../../units.js';
import type { Io } from '../../io.js';
import { printableLine } from '../../../printable.js';
import { severityMarks } from '../../severity.js';
import { style } from '../../style.js';
import { packageVersion } from '../../../version.js';
import type { MigrationsOptions } from './command.js';
import { documentText } from '../../document-text.js';
import { historyIn } from './read.js';
import { failureText, scratchOf } from './scratch.js';
import type { DocumentLanguage } from '../../../languages.js';

/** Where the document lies in the folder for documents. */
const DOCUMENT = 'db/migration_optimization.md';

/** Analyses a history, prints what it found and writes the document; true when something is severe. */
export async function runMigrations(folder: string, options: MigrationsOptions, io: Io): Promise<boolean> {
  const { since } = options;
  const path = resolve(io.cwd, folder);
  const history = await historyIn(path, options.format);
  const deployment = await deploymentOf(options, io);
  const analysis = analyseHistory(history, { ...(since === undefined ? {} : { since }), deployment });
  const { order } = graphOf(history.revisions);
  const squash = options.squash || options.prove ? planOf(order, options.keepFrom) : undefined;
  const server = await onScratch(order, squash, options, io);
  const fromHere = relative(io.cwd, path).replaceAll('\\', '/');
  const out = options.out ?? (options.json || options.github ? null : 'docs');
  const file = out === null ? null : join(resolve(io.cwd, out), DOCUMENT);
  if (file !== null) {
    const folders = {
      history: fromHere,
      squash: relative(io.cwd, join(dirname(file), 'squash')).replaceAll('\\', '/'),
    };
    const view = {
      name: basename(path),
      folders,
      analysis,
      ...(since === undefined ? {} : { since }),
      ...(squash ? { squash } : {}),
      ...server,
    };
    write(file, migrationDocument(view, options.lang));
    if (squash) removeBaselines(join(dirname(file), 'squash'));
    for (const { name, text } of squash ? squashFiles(squash, history.format, folders) : [])
      write(join(dirname(file), 'squash', name), text);
  }
  if (options.sarif !== undefined) {
    const document = sarif(migrationRemarks(analysis, 'en'), fromHere, packageVersion());
    write(resolve(io.cwd, options.sarif), `${JSON.stringify(document, null, 2)}\n`);
  }
  io.stdout.write(printed({ analysis, ...(squash ? { squash } : {}), ...server }, options, io, { file, fromHere }));
  const isUnproved =
    server.proof !== undefined && (server.proof.differences?.length !== 0 || isMostlyLeftOut(server.proof.history));
  const fails = server.times !== undefined && hasFailure(server.times);
  return isUnproved || fails || migrationRemarks(analysis, 'en').some(({ severity }) => severity === 'high');
}

/** Whether a migration fails, in whatever direction. One without a way down is a finding of its own. */
const hasFailure = ({ up, back }: HistoryTimes): boolean =>
  [...up, ...back.flatMap(({ down, upAgain }) => [down, upAgain])].some((outcome) => Boolean(outcome?.failure));

/** The squash of all revisions, or of those that every deployed database has run. */
function planOf(order: readonly Revision[], keepFrom: string | undefined): SquashPlan {
  const deployed = keepFrom === undefined ? null : includedIn(order, keepFrom, '--keep-from');
  return planSquash(order, ({ id }) => deployed?.has(id) ?? true);
}

/** What is found out by running SQL of the history on a scratch database. */
interface OnScratch {
  readonly proof?: SquashProof;
  readonly times?: HistoryTimes;
}

async function onScratch(
  order: readonly Revision[],
  squash: SquashPlan | undefined,
  options: MigrationsOptions,
  io: Io,
): Promise<OnScratch> {
  if (!options.prove && !options.time) return {};
  const { proveSquash, timeHistory } = await import('../../../experiment/index.js');
  const { createReporter } = await import('../../progress.js');
  const reporter = createReporter(io, options);
  const context = { run: 'migrations', signal: io.signal, note: (note: Note) => reporter.note(note) };
  const scratch = scratchOf(options, io);
  const kept = new Set(squash?.kept ?? []);
  const squashed = order.filter(({ id }) => !kept.has(id));
  const proof =
    options.prove && squash
      ? await proveSquash(scratch, context, upgradeScripts(squashed), squashedScripts(squash, squashed))
      : undefined;
  const times = options.time
    ? await timeHistory(scratch, context, upgradeScripts(order), downgradeScripts(order))
    : undefined;
  return { ...(proof ? { proof } : {}), ...(times ? { times } : {}) };
}

/** What a run of the command found. */
interface Outcome extends OnScratch {
  readonly analysis: HistoryAnalysis;
  readonly squash?: SquashPlan;
}

/** What is known of the database that the migrations are deployed to. */
async function deploymentOf(options: MigrationsOptions, io: Io): Promise<Deployment> {
  const { rows, run, server } = options;
  return {
    ...(rows === undefined ? {} : { rows: parseRows(rows) }),
    ...(run === undefined ? {} : { buildSeconds: await measuredBuilds(run, io) }),
    ...(server === undefined ? {} : await ofServer(server, options, io)),
  };
}

async function ofServer(choice: string, options: MigrationsOptions, io: Io): Promise<Deployment> {
  const { openLiveServer } = await import('../../open-live.js');
  const { readBuildSettings, readTableSizes } = await import('../../../live/index.js');
  const { createReporter } = await import('../../progress.js');
  const server = await openLiveServer(choice, 'migrations', io, createReporter(io, options), { asIs: true });
  try {
    const session = await server.connect('migrations');
    return { tables: await readTableSizes(session), settings: await readBuildSettings(session) };
  } finally {
    await server.stop();
  }
}

/** Times of builds by what a run of `capacity` measured. */
async function measuredBuilds(run: string, io: Io) {
  const { readEarlier } = await import('../../recommendation-of-run.js');
  const { buildSecondsFrom, growthFacts } = await import('../../../capacity/index.js');
  const facts = growthFacts(readEarlier(run, io));
  if (facts) return buildSecondsFrom(facts);
  throw new PgvtuneError('usage', `--run: ${run} measured no build as a table grows.`, {
    hint: 'Name a finished run of pgvtune capacity.',
  });
}

/** Removes the baselines of an earlier plan: they may have other names. */
function removeBaselines(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (/^\d{2,}_.*_baseline\.(sql|py)$/.test(name)) rmSync(join(folder, name));
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

function printed(outcome: Outcome, options: MigrationsOptions, io: Io, where: Where): string {
  const { analysis } = outcome;
  if (options.json) return documentText('migrations', documentOf(outcome));
  if (options.github) return githubAnnotations(migrationRemarks(analysis, options.lang), where.fromHere);
  return consoleText(outcome, options, io, where);
}

/** What `--json` prints: every finding with its English text, so that a log can be read without the program. */
const documentOf = ({ analysis, ...more }: Outcome) => ({
  ...analysis,
  ...more,
  remarks: migrationRemarks(analysis, 'en'),
});

const counted = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;

function consoleText(
  { analysis, squash, proof, times }: Outcome,
  options: MigrationsOptions,
  io: Io,
  { file }: Where,
): string {
  const mark = severityMarks(style(io, options));
  const { revisions, format, coverage, notUnderstood } = analysis;
  const remarks = migrationRemarks(analysis, options.lang);
  const lines = [
    `${format}: ${counted(revisions.length, 'revision')}, ${counted(coverage.operations, 'operation')}, ${formatPercent(coverage.share)} understood`,
    ...remarks.map(({ severity, text, place }) => {
      const at = place && !text.includes(`${place.file}:${place.line}`) ? ` (${place.file}:${place.line})` : '';
      return `${mark[severity]}  ${printableLine(`${text}${at}`)}`;
    }),
    ...(remarks.length === 0 ? ['No findings.'] : []),
    ...(notUnderstood.length > 0
      ? [`Not understood: ${counted(notUnderstood.length, 'operation')}, listed in the document and in --json.`]
      : []),
    ...(squash
      ? [
          `Squash: ${counted(squash.statementsBefore, 'statement')} ${squash.statementsBefore === 1 ? 'becomes' : 'become'} ${formatCount(squash.statementsAfter)}, ${counted(squash.barriers.length, 'barrier')}.`,
        ]
      : []),
    ...(proof ? [proofLine(proof, options.lang)] : []),
    ...(times ? [timeLine(times, options.lang)] : []),
    ...(file === null ? [] : [`Written: ${printableLine(file)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function proofLine(
  { server, history, squashed, objects, differences }: SquashProof,
  language: DocumentLanguage,
): string {
  const failure = history.failure ?? squashed.failure;
  if (failure) {
    const what = history.failure ? 'the history' : 'the squashed form';
    return `Proof: not made, ${what} fails at ${failureText(failure, language)}`;
  }
  const compared = `Proof: ${counted(objects, 'object')} compared on ${printableLine(server)}, ${counted(differences?.length ?? 0, 'difference')}`;
  const [first, ...more] = history.leftOut;
  if (!first) return `${compared}.`;
  const { statements } = history;
  const count = isMostlyLeftOut(history)
    ? `not shown to be equal, for ${formatCount(1 + more.length)} of ${counted(statements, 'statement')} were`
    : counted(1 + more.length, 'statement');
  return `${compared}; ${count} left out for want of what exists only as code, the first at ${failureText(first, language)}`;
}

function timeLine(times: HistoryTimes, language: DocumentLanguage): string {
  const failed = times.up.find(({ failure }) => failure !== null);
  const ms = times.up.reduce((sum, outcome) => sum + outcome.ms, 0);
  const up = `Time: ${counted(times.up.length, 'migration')} in ${(ms / 1000).toFixed(1)} s`;
  if (failed?.failure)
    return `${up}; ${printableLine(failed.revision)} fails at ${failureText(failed.failure, language)}`;
  return `${up}. ${printableLine(wayBackText(times, language))}`;
}
