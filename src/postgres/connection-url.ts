import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { PgvtuneError } from '../errors.js';

/** Where and as whom to connect, every default resolved. */
export interface ConnectionTarget {
  /** Host name or address, or the folder of a Unix socket when it starts with `/`. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** A function, so that printing or serialising a target cannot show it. Absent: the password file is looked into. */
  readonly password?: (() => string) | undefined;
  /** False for plain text; otherwise what TLS has to verify. */
  readonly tls: false | ConnectionOptions;
  /** Settings of every session from its beginning, as the server wants them: `-c search_path="app"`. */
  readonly options?: string | undefined;
  /** Parameters of the URL that mean something to other programs, and nothing here. */
  readonly ignored?: readonly string[] | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a URL may set after the `?`. Anything else could point the program at other hosts or files. */
const URL_KEYS = ['host', 'port', 'user', 'password', 'dbname', 'sslmode', 'sslrootcert', 'options', 'schema'] as const;

/** Set for drivers, pools and libpq; what pgvtune measures does not depend on them. */
const HARMLESS_KEYS = new Set(
  [
    'application_name fallback_application_name client_encoding connect_timeout socket_timeout',
    'channel_binding gssencmode krbsrvname sslnegotiation ssl_min_protocol_version sslsni',
    'keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout',
    'target_session_attrs load_balance_hosts uselibpqcompat',
    'pgbouncer pool_timeout pool_size pool_mode pool_max_conns connection_limit max_connections',
    'statement_cache_size prepared_statement_cache_size prepared_statements preparethreshold workaround',
  ].flatMap((names) => names.split(' ')),
);
type Part = (typeof URL_KEYS)[number];
type Parts = Partial<Record<Part, string>>;

/** `host/database` (with the port unless it is 5432): how a server is named in messages and reports. */
export function describeTarget(target: ConnectionTarget): string {
  const port = target.port === 5432 ? '' : `:${target.port}`;
  return `${target.host}${port}/${target.database}`;
}

/**
 * Reads `postgres://user:password@host:port/database?sslmode=…`. Parts that are missing come from `PGHOST`, `PGPORT`,
 * `PGUSER`, `PGPASSWORD`, `PGDATABASE`, `PGSSLMODE` and `PGSSLROOTCERT`, then from libpq's defaults.
 *
 * TLS differs from libpq where libpq is weak: without `sslmode` a server on another machine must prove who it is
 * (`verify-full`), and so must it for `require`.
 *
 * @throws {PgvtuneError} `usage`; the message never holds the URL
 */
export function parseConnectionUrl(url: string, environment: Environment): ConnectionTarget {
  const match = /^postgres(?:ql)?:\/\/([^/?#]*)(?:\/([^/?#@]*))?(?:\?([^#]*))?$/i.exec(url);
  if (!match) throw invalid('The server is no connection URL such as postgres://user@host:5432/database.');
  const [, authority = '', path = '', query = ''] = match;

  const at = authority.lastIndexOf('@');
  const [user, password] = splitOnce(at < 0 ? '' : authority.slice(0, at), ':');
  const hosts = authority.slice(at + 1);
  if (hosts.includes(',')) throw severalHosts();
  const address = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(hosts);
  if (!address) throw invalid('Expected host or host:port in the connection URL.');

  const { parts, ignored } = fromQuery(query);
  if (parts.host?.includes(',')) throw severalHosts();
  const target = resolve(
    { ...named({ user, password, host: address[1], port: address[2], dbname: path }), ...parts },
    environment,
  );
  return ignored.length === 0 ? target : { ...target, ignored };
}

const severalHosts = (): PgvtuneError =>
  new PgvtuneError('usage', 'The connection URL names several hosts.', {
    hint: 'Name one of them: every figure belongs to one server.',
  });

/**
 * What the server name `env` means: `DATABASE_URL`, else the `PG*` variables.
 *
 * @throws {PgvtuneError} `usage` when none of them is set
 */
export function targetFromEnvironment(environment: Environment): ConnectionTarget {
  const url = environment['DATABASE_URL'];
  if (url) return parseConnectionUrl(url, environment);
  if (!environment['PGHOST'] && !environment['PGDATABASE']) {
    throw new PgvtuneError('usage', 'The server is "env", but neither DATABASE_URL nor PGHOST nor PGDATABASE is set.', {
      hint: 'Set DATABASE_URL=postgres://user@host/database, or name another server.',
    });
  }
  return resolve({}, environment);
}

function fromQuery(query: string): { readonly parts: Parts; readonly ignored: readonly string[] } {
  const parts: Parts = {};
  const ignored: string[] = [];
  const refused: string[] = [];
  for (const [key, value] of new URLSearchParams(query)) {
    const part = URL_KEYS.find((known) => known === key);
    if (part) parts[part] = value;
    else (HARMLESS_KEYS.has(key.toLowerCase()) ? ignored : refused).push(key);
  }
  if (refused.length > 0) {
    // A password with a question mark ends up here.
    const isNamed = refused.every((key) => /^[a-z_]{1,40}$/i.test(key)) && !query.includes('@');
    throw new PgvtuneError(
      'usage',
      `The connection URL sets ${isNamed ? refused.map((key) => `"${key}"`).join(', ') : 'something'}, which is not accepted here.`,
      {
        hint: `Accepted are ${URL_KEYS.join(', ')}; in a password write ? as %3F, / as %2F and # as %23.`,
      },
    );
  }
  return { parts, ignored };
}

/** The parts that are there, percent-decoded. */
function named(raw: Partial<Record<Part, string | undefined>>): Parts {
  const parts: Parts = {};
  for (const key of URL_KEYS) {
    const value = raw[key];
    if (!value) continue;
    try {
      parts[key] = decodeURIComponent(value);
    } catch {
      throw invalid(`The ${key} in the connection URL is not valid percent-encoding.`);
    }
  }
  return parts;
}

function resolve(parts: Parts, environment: Environment): ConnectionTarget {
  const pick = (part: Part, variable: string): string | undefined => parts[part] || environment[variable] || undefined;

  const host = (pick('host', 'PGHOST') ?? 'localhost').replace(/^\[(.*)\]$/, '$1');
  const portText = pick('port', 'PGPORT') ?? '5432';
  const port = Number(portText);
  if (!/^\d+$/.test(portText) || port < 1 || port > 65_535) {
    throw invalid('Expected a port between 1 and 65535.');
  }
  const user = pick('user', 'PGUSER') ?? userInfo().username;
  const password = pick('password', 'PGPASSWORD');
  return {
    host,
    port,
    user,
    database: pick('dbname', 'PGDATABASE') ?? user,
    password: password === undefined ? undefined : () => password,
    tls: resolveTls(host, pick('sslmode', 'PGSSLMODE'), pick('sslrootcert', 'PGSSLROOTCERT')),
    options: startupOptions(parts),
  };
}

/** `schema`, of Prisma and others, is the only one in which names are looked up. */
function startupOptions({ options, schema }: Parts): string | undefined {
  const path = schema === undefined ? undefined : `"${schema.replaceAll('"', '""')}"`;
  // The server splits the text at spaces without a backslash before them.
  const setPath = path === undefined ? undefined : `-c search_path=${path.replaceAll(/[\\\s]/g, '\\$&')}`;
  return [options, setPath].filter((part) => part !== undefined).join(' ') || undefined;
}

function resolveTls(
  host: string,
  mode: string | undefined,
  rootCertificate: string | undefined,
): false | ConnectionOptions {
  if (host.startsWith('/')) return false;
  const ca = rootCertificate && rootCertificate !== 'system' ? { ca: readCertificate(rootCertificate) } : undefined;
  switch (mode ?? (isLoopback(host) ? 'disable' : 'verify-full')) {
    case 'disable':
      return false;
    case 'require':
    case 'verify-full':
      return { rejectUnauthorized: true, ...ca };
    case 'verify-ca':
      if (!ca) {
        throw new PgvtuneError('usage', 'sslmode=verify-ca accepts every host that the authority vouches for.', {
          hint: 'Name your own authority with sslrootcert=FILE, or use sslmode=verify-full.',
        });
      }
      return { rejectUnauthorized: true, checkServerIdentity: () => undefined, ...ca };
    case 'no-verify':
      return { rejectUnauthorized: false };
    default:
      throw new PgvtuneError(
        'usage',
        `Expected sslmode disable, require, verify-ca, verify-full or no-verify${isLax(mode) ? `, got "${mode}"` : ''}.`,
        {
          hint: 'Say whether the connection is encrypted: "prefer" and "allow" would leave that to chance.',
        },
      );
  }
}

/** Modes of libpq that leave it to chance whether a connection is encrypted. Any other may be a part of a password. */
const isLax = (mode: string | undefined): boolean => mode === 'prefer' || mode === 'allow';

function readCertificate(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new PgvtuneError('usage', `Cannot read the root certificate ${path}.`, {
      hint: 'Correct sslrootcert (or PGSSLROOTCERT).',
      cause,
    });
  }
}

/** True when the way to the server leads through a Unix socket or the loopback interface. */
export const isOnThisMachine = ({ host }: ConnectionTarget): boolean => host.startsWith('/') || isLoopback(host);

const isLoopback = (host: string): boolean =>
  host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.')) || host === '::1';

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

const invalid = (message: string): PgvtuneError =>
  new PgvtuneError('usage', message, { hint: 'Percent-encode special characters in user and password.' });
