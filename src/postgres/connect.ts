import { pipeline } from 'node:stream/promises';
import { Client, type QueryArrayResult, type QueryResultRow, types } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { PgvtuneError } from '../errors.js';
import { formatMs } from '../units.js';
import { openBlocking } from './blocking.js';
import { requestCancel, type BackendKey } from './cancel.js';
import { describeTarget, type ConnectionTarget } from './connection-url.js';
import { watchDeadlines } from './deadline.js';
import { type ColumnParser, encodeExecution, openExecutor } from './execution.js';
import { excerpt, serverError } from './failure.js';
import { fromPasswordFile } from './password-file.js';
import {
  type BlockingStatement,
  DEFAULT_DEADLINE_MS,
  type Parameter,
  type QueryOptions,
  type Statement,
  type ThreadSession,
} from './session.js';

/** How long a server may take to let us in. */
const CONNECT_TIMEOUT_MS = 10_000;
/** How long login and the first statement may take together. */
const LOGIN_TIMEOUT_MS = 30_000;
/** How long a cancelled statement may take to end before its socket is destroyed, and a session to say goodbye. */
const GRACE_MS = 5_000;

export interface ConnectOptions {
  readonly target: ConnectionTarget;
  /** The server's name in messages; absent: host and database. */
  readonly label?: string;
  /** PostgreSQL keeps 63 bytes of it. */
  readonly applicationName: string;
  /** Aborted: the running statement is cancelled, and no further one is begun. */
  readonly signal?: AbortSignal | undefined;
  /** False where a CancelRequest does nothing (PGlite): the socket is then destroyed at once. */
  readonly cancellable?: boolean;
  /** Of statements that name none of their own, in milliseconds; default {@link DEFAULT_DEADLINE_MS}. */
  readonly deadlineMs?: number;
  /** How long login and the first statement may take; default 30 seconds. */
  readonly loginTimeoutMs?: number;
  /** Called once the session has been closed by {@link Session.close}. */
  readonly onClose?: () => void;
}

/** A statement on its way. */
interface Running {
  readonly text: string;
  readonly deadlineMs: number;
  /** False for what tidies up after an abort. */
  readonly interruptible: boolean;
  /** Why we gave up on it, once we did. */
  gaveUp?: 'deadline' | 'interrupted';
  /** Settles when the CancelRequest has been delivered: before that it could still hit the next statement. */
  cancelled?: Promise<void>;
  destroyTimer?: NodeJS.Timeout;
}

/**
 * Opens a connection and wraps it as a session. Nothing is set on the server: that is the caller's choice.
 *
 * A statement past its deadline, or running when the signal is aborted, is cancelled on the server through a second
 * socket. If that ends it within five seconds, the session can be used further (after a rollback, when it was in a
 * transaction); if not, the socket is destroyed and every further statement fails.
 *
 * @throws {PgvtuneError} `server` when the server cannot be reached or refuses, `interrupted`
 */
export async function openSession(options: ConnectOptions): Promise<ThreadSession> {
  const { target, signal, cancellable = true, loginTimeoutMs = LOGIN_TIMEOUT_MS } = options;
  const server = options.label ?? describeTarget(target);
  const secrets = secretsOf(target);
  const client = newClient(options);

  /** Why the connection can no longer be used. */
  let lost: Error | undefined;
  let running: Running | undefined;
  let closed: Promise<void> | undefined;
  let notices: string[] = [];
  /** Statements that were prepared, by name, and how to read their rows. */
  const prepared = new Map<string, { readonly text: string; readonly columns: readonly ColumnParser[] }>();

  // Without this listener a connection that breaks between two statements would end the process.
  client.on('error', (error) => (lost ??= error));
  client.on('end', () => (lost ??= new Error('Connection terminated')));
  client.on('notice', ({ severity, message }) => {
    if ((severity === 'NOTICE' || severity === 'WARNING') && message !== undefined) notices.push(message);
  });

  const destroy = (): void => void client.connection.stream.destroy();

  function giveUp(reason: 'deadline' | 'interrupted'): void {
    if (running === undefined || running.gaveUp !== undefined) return;
    running.gaveUp = reason;
    if (cancellable) {
      running.cancelled = requestCancel(target, client, GRACE_MS).catch(() => undefined);
      running.destroyTimer = setTimeout(destroy, GRACE_MS);
    } else {
      destroy();
    }
  }
  const deadlines = watchDeadlines(() => giveUp('deadline'));
  const onAbort = (): void => {
    if (running?.interruptible) giveUp('interrupted');
  };

  async function run<T>(
    text: string,
    work: () => Promise<T>,
    {
      deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS,
      interruptible = true,
    }: QueryOptions & { interruptible?: boolean } = {},
  ): Promise<T> {
    if (running)
      throw new Error(`"${excerpt(running.text)}" is still running: a session runs one statement at a time.`);
    if (interruptible && signal?.aborted) throw interrupted(text);
    if (lost) throw serverError(lost, { server, secrets, statement: text });

    const statement: Running = { text, deadlineMs, interruptible };
    running = statement;
    deadlines.begin(deadlineMs);
    try {
      return await work();
    } catch (error) {
      throw explain(error, statement);
    } finally {
      deadlines.end();
      if (statement.gaveUp) {
        clearTimeout(statement.destroyTimer);
        await statement.cancelled;
      }
      running = undefined;
    }
  }

  function explain(error: unknown, { text, deadlineMs, gaveUp }: Running): PgvtuneError {
    const failure = serverError(error, { server, secrets, statement: text });
    if (gaveUp === 'interrupted') return interrupted(text, failure);
    if (gaveUp === undefined) return failure;
    const waited = `${server} did not finish "${excerpt(text)}" within ${formatMs(deadlineMs)}`;
    return failure.sqlstate === '57014'
      ? new PgvtuneError('server', `${waited}; it was cancelled.`, {
          hint: 'See what keeps the server busy or locked: pg_stat_activity.',
          sqlstate: failure.sqlstate,
          deadlineMs,
          cause: failure,
        })
      : new PgvtuneError('server', `${waited}; the connection was cut.`, {
          hint: `The server may still be working on it: look for pid ${session.backendPid} in pg_stat_activity.`,
          deadlineMs,
          cause: failure,
        });
  }

  const rollback = (): Promise<unknown> => run('ROLLBACK', () => client.query('ROLLBACK'), { interruptible: false });

  async function rollBackAfter(reason: unknown): Promise<never> {
    // What went wrong first is what matters; a connection that is gone has rolled back by itself.
    await rollback().catch(() => undefined);
    throw reason;
  }

  const session = {
    backendPid: 0,

    async query<Row>(text: string, values: readonly Parameter[] = [], options: QueryOptions = {}): Promise<Row[]> {
      const result = await run(
        text,
        () => client.query<QueryResultRow>({ text, values: values as Parameter[] }),
        options,
      );
      return result.rows as Row[];
    },

    async describe(select: string) {
      const text = `SELECT * FROM (${select}\n) AS pgvtune_described LIMIT 0`;
      const { fields } = await run(text, () => client.query(text));
      return fields.map(({ name, dataTypeID, dataTypeModifier, tableID, columnID }) => ({
        name,
        type: dataTypeID,
        modifier: dataTypeModifier,
        origin: tableID === 0 ? null : { table: tableID, column: columnID },
      }));
    },

    async execute({ name, text }: Statement, values: readonly Parameter[], options?: QueryOptions) {
      const known = prepared.get(name);
      const message = known?.text === text ? encodeExecution(name, values) : null;
      if (known && message) return run(text, () => executePrepared(message, known.columns), options);
      const query = { name, text, values: values as Parameter[], rowMode: 'array' } as const;
      const result = await run<QueryArrayResult<unknown[]>>(text, () => client.query(query), options);
      const columns = result.fields.map(({ dataTypeID }): ColumnParser => types.getTypeParser(dataTypeID, 'text'));
      prepared.set(name, { text, columns });
      return result.rows;
    },

    async prepareBlocking({ name, text }: Statement, lists: readonly (readonly Parameter[])[]) {
      await session.execute({ name, text }, lists[0] ?? []);
      const { columns } = prepared.get(name)!;
      const messages = lists.map((values) => encodeExecution(name, values));
      if (!blocking || messages.includes(null)) return null;
      const { waitedMs, hold } = blocking;
      const statement: BlockingStatement = {
        waitedMs,
        hold: (work) =>
          hold((execute) =>
            work((list) => {
              try {
                return execute(messages[list]!, columns);
              } catch (error) {
                throw serverError(error, { server, secrets, statement: text });
              }
            }),
          ),
      };
      return statement;
    },

    async transaction<T>(work: () => Promise<T>): Promise<T> {
      await session.query('BEGIN');
      try {
        const result = await work();
        const { command } = await run('COMMIT', () => client.query('COMMIT'));
        // PostgreSQL answers so, without an error, when a statement of the transaction had failed.
        if (command === 'ROLLBACK')
          throw new Error('Nothing was committed: an error inside the transaction was swallowed.');
        return result;
      } catch (error) {
        return rollBackAfter(error);
      }
    },

    async rolledBack<T>(work: () => Promise<T>): Promise<T> {
      await session.query('BEGIN');
      let result: T;
      try {
        result = await work();
      } catch (error) {
        return rollBackAfter(error);
      }
      await rollback();
      return result;
    },

    takeNotices() {
      const taken = notices;
      notices = [];
      return taken;
    },

    async copyIn(text: string, chunks: AsyncIterable<Buffer>): Promise<void> {
      const copy = (): Promise<void> => pipeline(chunks, client.query(copyFrom(text)), signal ? { signal } : {});
      await run(text, copy, { deadlineMs: Infinity });
    },

    close() {
      closed ??= (async () => {
        signal?.removeEventListener('abort', onAbort);
        const timer = setTimeout(destroy, GRACE_MS);
        await client.end();
        clearTimeout(timer);
        options.onClose?.();
      })();
      return closed;
    },
  };

  await logIn();
  const executePrepared = openExecutor(client);
  const blocking = openBlocking(client);
  signal?.addEventListener('abort', onAbort);
  return session;

  async function logIn(): Promise<void> {
    const text = 'SELECT pg_backend_pid() AS pid';
    signal?.addEventListener('abort', destroy);
    // A server may let us in and then be silent, or never stop talking.
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      destroy();
    }, loginTimeoutMs);
    try {
      signal?.throwIfAborted();
      await client.connect();
      // A pooler hands out a key of its own at login, so the server's own word counts.
      const { rows } = await client.query<{ pid: unknown }>(text);
      const pid = rows[0]?.pid;
      if (typeof pid !== 'number' || !Number.isInteger(pid)) throw notPostgres(server);
      session.backendPid = pid;
    } catch (error) {
      destroy();
      if (signal?.aborted) throw interrupted(`connecting to ${server}`);
      if (late) throw tooLate(server, loginTimeoutMs);
      throw serverError(error, { server, secrets });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', destroy);
    }
  }
}

const notPostgres = (server: string): PgvtuneError =>
  new PgvtuneError('server', `${server} answers, but not as PostgreSQL does.`, {
    hint: 'Check host and port: something else may listen there.',
  });

const tooLate = (server: string, ms: number): PgvtuneError =>
  new PgvtuneError('server', `${server} did not let pgvtune in within ${formatMs(ms)}; the connection was cut.`, {
    hint: 'Check host and port, what keeps the server busy, and a pooler that waits for a free connection.',
  });

function newClient({ target, applicationName }: ConnectOptions): Client & BackendKey {
  return new Client({
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    password: target.password ?? fromPasswordFile(target),
    ssl: target.tls,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    // pg would send the settings in PGOPTIONS; no measurement may depend on them unnoticed.
    options: target.options ?? (process.env['PGOPTIONS'] ? ' ' : undefined),
  }) as Client & BackendKey;
}

const interrupted = (what: string, cause?: unknown): PgvtuneError =>
  new PgvtuneError('interrupted', `Interrupted at "${excerpt(what)}".`, { cause });

/** A password that is also the user's name would mask that name in every message, and protect nothing. */
function secretsOf({ password, user, database, host }: ConnectionTarget): string[] {
  const secret = password?.();
  return secret === undefined || [user, database, host].includes(secret) ? [] : [secret];
}
