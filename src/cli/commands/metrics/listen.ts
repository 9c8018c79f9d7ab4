import { PgvtuneError } from '../../../errors.js';
import type { Io } from '../../io.js';
import { type Address, type HttpListener, listenHttp, plain } from '../../listen-http.js';

/**
 * `127.0.0.1:9187`, `[::1]:9187`, `localhost:9187`. An address has to name its host, so that nobody listens on all of them
 * without having meant to.
 *
 * @throws {PgvtuneError} `usage`
 */
export function parseAddress(text: string): Address {
  const [, bracketed, plain, digits] = /^(?:\[([\da-f:.%\w]+)\]|([^\s:/[\]]+)):(\d{1,5})$/i.exec(text.trim()) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port <= 65_535) return { host, port };
  throw new PgvtuneError('usage', `--listen: expected an address and a port, got "${text}".`, {
    hint: 'Write 127.0.0.1:9187 for this machine alone, or 0.0.0.0:9187 for everybody who reaches it.',
  });
}

export const isLoopback = ({ host }: Address): boolean => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/i.test(host);

/** The version is that of the text format. */
const TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Answers at /metrics, and nowhere else.
 *
 * @param page the text of the page; asked for at each request
 * @throws {PgvtuneError} `environment` when the address cannot be listened on
 */
export async function serveMetrics(io: Io, address: Address, page: () => Promise<string>): Promise<HttpListener> {
  try {
    return await listenHttp(io, address, async (path) =>
      path === '/metrics'
        ? { status: 200, type: TYPE, body: await page() }
        : plain(404, 'The metrics are at /metrics.'),
    );
  } catch (error) {
    throw refused(error as NodeJS.ErrnoException, address);
  }
}

const refused = (cause: NodeJS.ErrnoException, { host, port }: Address): PgvtuneError =>
  new PgvtuneError('environment', `Cannot listen on ${host}:${port}: ${cause.message}.`, {
    hint:
      cause.code === 'EADDRINUSE'
        ? 'Another program listens there: stop it, or choose another port with --listen.'
        : 'Choose an address of this machine, and a port from 1024 on.',
    cause,
  });
