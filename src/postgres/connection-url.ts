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
  /** A function, so that printing or serialising a target cannot show it. Absent: `pg` looks into the password file. */
  readonly password?: (() => string) | undefined;
  /** False for plain text; otherwise what TLS has to verify. */
  readonly tls: false | ConnectionOptions;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a URL may set after the `?`. Anything else could point the program at other hosts, files or settings. */
const URL_KEYS = ['host', 'port', 'user', 'password', 'dbname', 'sslmode', 'sslrootcert'] as const;
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
  const address = /^(\[[^\]]*\]|[^:,]*)(?::(\d*))?$/.exec(authority.slice(at + 1));
  if (!address) throw invalid('Expected host or host:port in the connection URL; several hosts are not supported.');

  return resolve(
    { ...named({ user, password, host: address[1], port: address[2], dbname: path }), ...fromQuery(query) },
    environment,
  );
}

/**
 * What the server name `env` stands for: `DATABASE_URL`, else the `PG*` variables.
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

function fromQuery(query: string): Parts {
  const parts: Parts = {};
  for (const [key, value] of new URLSearchParams(query)) {
    const part = URL_KEYS.find((known) => known === key);
    if (!part) {
      // A password with a question mark ends up here.
      const name = /^[a-z_]{1,40}$/.test(key) && !query.includes('@') ? `"${key}"` : 'something';
      throw new PgvtuneError('usage', `The connection URL sets ${name}, which is not accepted here.`, {
        hint: `Accepted are ${URL_KEYS.join(', ')}; in a password write ? as %3F, / as %2F and # as %23.`,
      });
    }
    parts[part] = value;
  }
  return parts;
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
  };
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
