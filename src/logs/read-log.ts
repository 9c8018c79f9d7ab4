import { basename } from 'node:path';
import { type DatabaseSnapshot, isOfTheSystem, type LoggedLoop, type StatementLog } from '../audit/index.js';
import { PgvtuneError } from '../errors.js';
import { unread } from '../findings.js';
import type { Reporter } from '../progress.js';
import { loadGrammar } from '../statements/index.js';
import { entriesOf, type PlacedEntry } from './entries.js';
import { type Execution, executionsOf } from './executions.js';
import { fingerprints } from './fingerprints.js';
import { detectFormat, type FormatOptions } from './formats/detect.js';
import { checkLogFile, logLines } from './lines.js';
import { readTags } from './tags.js';
import { tally } from './tally.js';
import { unitsOfWork } from './units-of-work.js';

export interface LogOptions extends FormatOptions {
  /** One log, its files in the order of time. */
  readonly paths: readonly string[];
  /** Only its statements; those of entries that name no database count as well. */
  readonly database: string;
  readonly signal: AbortSignal;
  readonly reporter: Reporter;
}

/** What an audit takes from a log. */
export type LogParts = Pick<DatabaseSnapshot, 'log' | 'loops'>;

/** Without a faster one, the log holds slow statements only. */
const FAST_MS = 5;
const OWN_SESSION = /^pgvtune\b/;
const BEGIN = /^\s*(?:BEGIN|START\s+TRANSACTION)\b[^;]*;?\s*$/i;
const END = /^\s*(?:COMMIT|END|ABORT|ROLLBACK(?!\s+(?:WORK\s+|TRANSACTION\s+)?TO\b))\b[^;]*;?\s*$/i;

/**
 * Reads a server's log once, whatever its size, in memory that does not grow with it. Of each statement its text is kept without
 * constants and comments; parameters are only compared.
 *
 * @throws {PgvtuneError} `usage` for a file that cannot be read or is no log; `interrupted`
 */
export async function readStatementLog(options: LogOptions): Promise<LogParts> {
  await loadGrammar();
  const counts = statementCounts();
  const { torn } = await eachExecution(options, (execution) => counts.add(execution));
  return counts.parts({ files: options.paths.map((path) => basename(path)), torn });
}

/**
 * Tells every execution that a log has, in the order of their messages.
 *
 * @returns entries that were cut off
 * @throws {PgvtuneError} as {@link readStatementLog}
 */
export async function eachExecution(
  options: LogOptions,
  onExecution: (execution: Execution) => void,
): Promise<{ readonly torn: number }> {
  const { paths, database, signal, reporter } = options;
  const sizes = await Promise.all(paths.map(checkLogFile));
  const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
  const task = reporter.start({ code: 'read-log', data: {} }, 1, 'share');
  const executions = executionsOf(onExecution);
  const add = (entries: readonly PlacedEntry[]): void => {
    for (const entry of entries) if (isOfApplication(entry, database)) executions.add(entry);
  };
  let [torn, done] = [0, 0];
  for (const [i, path] of paths.entries()) {
    let entries: ReturnType<typeof entriesOf> | undefined;
    for await (const lines of logLines(path, (read) => task.update((done + read) / bytes))) {
      if (signal.aborted) throw new PgvtuneError('interrupted', 'Interrupted while reading the log.');
      entries ??= entriesOf(basename(path), detectFormat(path, lines, options));
      add(entries.add(lines));
    }
    add(entries?.end() ?? []);
    torn += entries?.torn() ?? 0;
    done += sizes[i]!.bytes;
  }
  executions.end();
  task.finish();
  return { torn };
}

const isOfApplication = ({ database, application }: PlacedEntry, audited: string): boolean =>
  (database === null || database === audited) && (application === null || !OWN_SESSION.test(application));

/** From executions to what an audit looks at. */
function statementCounts() {
  const read = fingerprints();
  const counts = tally();
  const units = unitsOfWork((unit) => counts.unit(unit));
  let [executions, notParsed] = [0, 0];
  let [from, until, fastestMs] = [Infinity, -Infinity, Infinity];
  let sessions = false;
  return {
    add(raw: Execution): void {
      const { tags, text } = readTags(raw.text);
      const { session, durationMs, startMs, endMs, place } = raw;
      if (session !== null && (BEGIN.test(text) || END.test(text))) {
        units.boundary(session, BEGIN.test(text) ? 'begin' : 'end');
        return;
      }
      const statement = read(text);
      if (statement === null) notParsed++;
      if (statement === 'other' || (statement !== null && isOfTheSystem(statement.query))) return;
      executions++;
      from = Math.min(from, startMs ?? Infinity);
      until = Math.max(until, endMs ?? -Infinity);
      fastestMs = Math.min(fastestMs, durationMs ?? 0);
      sessions ||= session !== null || tags.trace !== null;
      if (statement === null) return;
      counts.execution(statement, durationMs, tags.route, place);
      const isSelect = statement.shape.kind === 'select';
      units.add({ execution: { ...raw, text }, tags, fingerprint: statement.fingerprint, isSelect });
    },
    parts({ files, torn }: Pick<StatementLog, 'files' | 'torn'>): LogParts {
      units.end();
      const log = {
        files,
        from: iso(from),
        until: iso(until),
        executions,
        notParsed,
        torn,
        statements: counts.statements(),
      };
      if (executions > 0 && fastestMs >= FAST_MS) return { log, loops: unread('log-of-slow-statements') };
      if (executions > 0 && !sessions) return { log, loops: unread('log-without-sessions') };
      return { log, loops: counts.loops() satisfies readonly LoggedLoop[] };
    },
  };
}

const iso = (ms: number): string | null => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);
