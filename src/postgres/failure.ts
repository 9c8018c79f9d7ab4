import { DatabaseError } from 'pg';
import { PgvtuneError } from '../errors.js';
import { redact } from '../redact.js';

export interface FailureContext {
  /** The server's name: `local`, or `db.example.org/shop`. */
  readonly server: string;
  /** The statement that failed; absent when connecting failed. */
  readonly statement?: string | undefined;
  /** Passwords that the texts of others must not carry on. */
  readonly secrets: readonly string[];
}

/**
 * What an error of the driver, the network or PostgreSQL means here: a {@link PgvtuneError} `server` with the SQLSTATE
 * and, where one can be given, what to do. Errors that already are ours pass through.
 */
export function serverError(error: unknown, context: FailureContext): PgvtuneError {
  if (error instanceof PgvtuneError) return error;
  const { code, message } = read(error);
  // Node's own codes can look alike: EPIPE has five capitals, too.
  const sqlstate = error instanceof DatabaseError ? code : undefined;
  const text = redact(message, context.secrets);
  const hint = HINTS.find((known) => (known.code ?? code) === code && (known.text?.test(message) ?? true))?.hint;
  return new PgvtuneError(
    'server',
    context.statement === undefined
      ? `Cannot connect to ${context.server}: ${text}.`
      : `"${excerpt(context.statement)}" failed on ${context.server}: ${text}.`,
    { ...(hint === undefined ? {} : { hint }), ...(sqlstate === undefined ? {} : { sqlstate }), cause: error },
  );
}

/** The beginning of a statement, on one line, for a message. */
export function excerpt(statement: string): string {
  const line = redact(statement.replace(/\s+/g, ' ').trim());
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
}

function read(error: unknown): { code: string | undefined; message: string } {
  if (!(error instanceof Error)) return { code: undefined, message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  // A host with several addresses fails with one error for each, and no message of its own.
  const message =
    error.message === '' && error instanceof AggregateError
      ? error.errors.map((inner) => (inner instanceof Error ? inner.message : String(inner))).join('; ')
      : error.message;
  return { code, message };
}

interface Hint {
  /** SQLSTATE, or Node's error code. */
  readonly code?: string;
  readonly text?: RegExp;
  readonly hint: string;
}

/** The first entry that fits is used: particular texts come before their code. */
const HINTS: readonly Hint[] = [
  // Getting in
  { code: 'ECONNREFUSED', hint: 'Check host and port, and that PostgreSQL is running and listens there.' },
  {
    code: 'ENOENT',
    hint: 'No server listens on this Unix socket: check the folder and the port, and that it is running.',
  },
  { code: 'EACCES', hint: 'This user may not open the Unix socket: check the rights on its folder.' },
  { code: 'ENOTFOUND', hint: 'No such host: check its spelling.' },
  { code: 'EAI_AGAIN', hint: 'The host name could not be looked up: check the network.' },
  { code: 'ETIMEDOUT', hint: 'Nothing answered: check host, port and firewall.' },
  { text: /^timeout expired$/, hint: 'Nothing answered: check host, port and firewall.' },
  {
    text: /password must be a (non-empty )?string/,
    hint: 'Give the password in PGPASSWORD or a password file: the server asks for one.',
  },
  { code: '28P01', hint: 'Check user and password (PGPASSWORD, the password file or the URL).' },
  {
    text: /no pg_hba\.conf entry/,
    hint: 'The server does not admit this user, database and address: see pg_hba.conf, and sslmode.',
  },
  { code: '28000', hint: 'Check the user, and how pg_hba.conf admits it.' },
  { code: '3D000', hint: 'Create the database, or name another one in the connection URL.' },
  { code: '53300', hint: 'Use fewer clients, close other connections, or raise max_connections.' },
  {
    text: /does not support (SSL|TLS)/,
    hint: 'Add ?sslmode=disable if you trust the network between here and the server.',
  },
  {
    text: /self[- ]signed certificate|unable to (verify the first|get (local )?issuer) certificate/,
    hint: 'Name the certificate authority with ?sslrootcert=FILE (or accept any server with ?sslmode=no-verify).',
  },
  {
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    hint: 'Connect by a name that the certificate holds, or use ?sslmode=verify-ca.',
  },
  { code: '57P03', hint: 'The server is starting or stopping: try again in a moment.' },

  // Rights and places
  { code: '25006', hint: 'This is a standby or read-only: connect to the primary with a role that may write.' },
  {
    text: /permission denied for database/,
    hint: 'Let the role make its scratch schema: GRANT CREATE ON DATABASE … TO ….',
  },
  { code: '42501', hint: 'The role lacks a privilege: grant it, or use another role.' },
  {
    code: '42704',
    text: /type "(vector|halfvec|sparsevec)"/,
    hint: 'Run CREATE EXTENSION vector in this database, or upgrade it.',
  },
  {
    code: '42704',
    text: /access method|operator class/,
    hint: 'Check the version of pgvector: ALTER EXTENSION vector UPDATE.',
  },
  { code: '42883', text: /vector/, hint: 'Check the version of pgvector, and that its schema is in the search_path.' },

  // Resources
  {
    text: /could not resize shared memory segment/,
    hint: 'Give the server a larger /dev/shm (docker run --shm-size), at least maintenance_work_mem, or build with max_parallel_maintenance_workers = 0.',
  },
  { code: '53100', hint: 'Free disk space on the server.' },
  { code: '53200', hint: 'The server ran out of memory: lower maintenance_work_mem or the number of clients.' },
  { text: /memory required is .* maintenance_work_mem/, hint: 'Raise maintenance_work_mem, or use fewer lists.' },

  // Others at work
  { code: '55P03', hint: 'Another session holds a lock: see pg_blocking_pids(pid) in pg_stat_activity.' },
  { code: '40P01', hint: 'Two sessions waited for each other: try again.' },
  { code: '57014', hint: 'Somebody, or a timeout set on the server, cancelled the statement.' },
  { code: '57P01', hint: 'An administrator ended the session, or the server is shutting down.' },
  { code: '57P02', hint: 'Another server process crashed: see the server log.' },
  { code: '57P05', hint: 'The session was idle for too long: raise idle_session_timeout.' },
  {
    code: 'ECONNRESET',
    hint: 'The connection broke: see the server log; it may have run out of memory, or run code made for another CPU (signal 4: build pgvector with OPTFLAGS="").',
  },
  {
    code: 'EPIPE',
    hint: 'The connection broke: see the server log; it may have run out of memory, or run code made for another CPU (signal 4: build pgvector with OPTFLAGS="").',
  },
  {
    text: /Connection terminated|connection error and is not queryable/,
    hint: 'The connection broke: see the server log; it may have run out of memory, or run code made for another CPU (signal 4: build pgvector with OPTFLAGS="").',
  },
];
