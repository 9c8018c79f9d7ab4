/** A named prepared statement: parsed once per session, then executed by name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** A bound parameter. Buffers travel in PostgreSQL's binary format (vectors), everything else as text. */
export type Parameter = string | number | boolean | null | Buffer | readonly string[] | readonly number[];

/** A column of what a SELECT returns. */
export interface OutputColumn {
  readonly name: string;
  /** Oid of its type, and its modifier; -1 for none. */
  readonly type: number;
  readonly modifier: number;
  /** The column of a table that it is as it stands: oid and number; null for an expression. Of a view, the view's. */
  readonly origin: { readonly table: number; readonly column: number } | null;
}

export interface QueryOptions {
  /**
   * Milliseconds until the harness gives up: it cancels the statement on the server, waits five seconds and destroys
   * the socket. Default: that of the session. `Infinity` only for builds that are watched otherwise.
   */
  readonly deadlineMs?: number;
}

export const DEFAULT_DEADLINE_MS = 30_000;

/**
 * One connection to one backend. Only one statement runs at a time.
 *
 * Every failure is a {@link PgvtuneError} with code `server` (or `interrupted` when the run's signal was aborted),
 * carrying the SQLSTATE where there is one; no message contains a password.
 */
export interface Session {
  readonly backendPid: number;
  /** Runs one statement; rows as objects by column name, values as pg's text parsers give them (bigint as string). */
  query<Row = Record<string, unknown>>(
    text: string,
    values?: readonly Parameter[],
    options?: QueryOptions,
  ): Promise<Row[]>;
  /** The columns of what a SELECT without parameters would return; no row is read. */
  describe(select: string): Promise<readonly OutputColumn[]>;
  /** The timed path: executes a prepared statement, rows as arrays, nothing else done per call. */
  execute(statement: Statement, values: readonly Parameter[], options?: QueryOptions): Promise<unknown[][]>;
  /** Runs `work` between BEGIN and COMMIT; rolls back when it throws. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Runs `work` between BEGIN and ROLLBACK, always: for settings and index drops that must not outlive a measurement.
   */
  rolledBack<T>(work: () => Promise<T>): Promise<T>;
  /** NOTICE and WARNING messages received since the last call. */
  takeNotices(): string[];
  /**
   * COPY … FROM STDIN (FORMAT binary): `chunks` is the whole stream, header and trailer included.
   * Only where the server's capability `copy` is true.
   */
  copyIn(text: string, chunks: AsyncIterable<Buffer>): Promise<void>;
  close(): Promise<void>;
}

/** A prepared statement whose thread sleeps until each answer is there, with no event loop in between. */
export interface BlockingStatement {
  /** Milliseconds that the thread has slept for answers, in all. */
  readonly waitedMs: () => number;
  /**
   * Keeps the session for `work`, in which `execute` runs the statement with one of its lists of parameters. It has no
   * deadline: whoever uses it sees to it from outside that the process ends.
   */
  readonly hold: <T>(work: (execute: (list: number) => unknown[][]) => T) => T;
}

/** A session of a thread that does nothing else. */
export interface ThreadSession extends Session {
  /**
   * Prepares a statement for lists of parameters that are known beforehand, by executing it with the first of them.
   *
   * @returns null where a thread cannot wait for a connection (TLS, Windows), or only pg can write a parameter (arrays)
   */
  prepareBlocking(statement: Statement, lists: readonly (readonly Parameter[])[]): Promise<BlockingStatement | null>;
}
