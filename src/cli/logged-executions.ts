import { resolve } from 'node:path';
import { PgvtuneError } from '../errors.js';
import { checkLogFile, executionsOfStatement, type StatementExecutions } from '../logs/index.js';
import type { Session } from '../postgres/index.js';
import type { Reporter } from '../progress.js';
import { createRandom } from '../random.js';
import type { Io } from './io.js';
import type { LoggedParameterOptions } from './live-options.js';

/** @throws {PgvtuneError} `usage` for options that say the same twice, or nothing */
export async function checkLoggedParameters(
  { paramsFrom, logLinePrefix }: LoggedParameterOptions,
  { sql, queries }: { readonly sql: string | undefined; readonly queries: string | undefined },
  io: Io,
): Promise<void> {
  if (paramsFrom === undefined) {
    if (logLinePrefix === undefined) return;
    throw new PgvtuneError('usage', '--log-line-prefix needs a log.', {
      hint: 'Name it: --params-from postgresql.log',
    });
  }
  if (sql === undefined) {
    throw new PgvtuneError('usage', '--params-from reads executions of the statement of --sql.', {
      hint: 'Give --sql.',
    });
  }
  if (queries !== undefined) {
    throw new PgvtuneError('usage', `--params-from and ${queries} both say what is asked.`, {
      hint: 'Give one of them: executions in a log have the vectors too.',
    });
  }
  for (const path of paramsFrom) await checkLogFile(resolve(io.cwd, path));
}

/** Executions of a statement in the logs that the options name; null: they name none. */
export async function readLoggedParameters(
  { paramsFrom, logLinePrefix }: LoggedParameterOptions,
  statement: string,
  {
    session,
    seed,
    io,
    reporter,
  }: { readonly session: Session; readonly seed: number; readonly io: Io; readonly reporter: Reporter },
): Promise<StatementExecutions | null> {
  if (paramsFrom === undefined) return null;
  const [server] = await session.query<{ database: string; prefix: string; zone: string }>(
    `SELECT current_database() AS database, current_setting('log_line_prefix') AS prefix, current_setting('log_timezone') AS zone`,
  );
  return executionsOfStatement(statement, {
    paths: paramsFrom.map((path) => resolve(io.cwd, path)),
    linePrefix: logLinePrefix ?? server!.prefix,
    timeZone: server!.zone,
    database: server!.database,
    random: createRandom(seed).fork('log'),
    signal: io.signal,
    reporter,
  });
}
