import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type DatasetSource, openSource } from '../datasets/index.js';
import { openLiveTable } from '../live/index.js';
import { PgvtuneError } from '../errors.js';
import { openServer, type Server, type Session } from '../postgres/index.js';
import type { Reporter } from '../progress.js';
import type { Io } from './io.js';
import type { LiveOptions } from './live-options.js';

/** Query vectors that are taken from a table when nobody says how many. */
const QUERIES_OF_A_TABLE = 1000;

/**
 * An existing server, for reading only.
 *
 * @param options.asIs also behind a pooler that shares backends, and without pgvector
 */
export function openLiveServer(
  choice: string,
  run: string,
  io: Io,
  reporter: Reporter,
  { asIs = false }: { readonly asIs?: boolean } = {},
): Promise<Server> {
  refuseEmptyServer(choice);
  return openServer(choice, { run, signal: io.signal, note: (note) => reporter.note(note), readOnly: true, asIs });
}

/** @throws {PgvtuneError} `usage` where the choice is a server that would be started */
export function refuseEmptyServer(choice: string): void {
  if (isStarted(choice)) {
    throw new PgvtuneError('usage', `A server "${choice}" would start empty, without a table to read.`, {
      hint: 'Name the server with your table: env, or postgres://user@host/database.',
    });
  }
}

/** Whether a server would be started for this run, and removed at its end. */
export const isStarted = (choice: string): boolean => ['auto', 'embedded', 'local', 'container'].includes(choice);

export interface LiveContext {
  readonly io: Io;
  readonly server: Server;
  readonly session: Session;
  readonly reporter: Reporter;
  readonly deadlineMs: number;
  /** How many query vectors to take from a table. */
  readonly queries?: number | undefined;
}

/** The application's query vectors that the options name; undefined when they name none. */
export async function openQueryLog(options: LiveOptions, context: LiveContext): Promise<DatasetSource | undefined> {
  const { queryLog, queryTable, queryColumn, seed } = options;
  if (queryLog !== undefined && queryTable !== undefined) {
    throw new PgvtuneError('usage', '--query-log and --query-table both name query vectors.', {
      hint: 'Give one of them.',
    });
  }
  if (queryLog !== undefined) {
    const path = resolve(context.io.cwd, queryLog);
    if (existsSync(path)) return openSource(path);
    throw new PgvtuneError('usage', `--query-log: there is no file ${path}.`, {
      hint: 'For vectors in a table, use --query-table.',
    });
  }
  if (queryTable === undefined) return undefined;
  const { session, server, reporter, deadlineMs, queries = QUERIES_OF_A_TABLE } = context;
  return openLiveTable({
    session,
    server: server.label,
    table: queryTable,
    column: queryColumn,
    rows: queries,
    seed: `${seed}/queries`,
    deadlineMs,
    reporter,
  });
}
