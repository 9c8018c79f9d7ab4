import { createServer, type Server } from 'node:http';
import { PgvtuneError } from '../../../errors.js';

export interface Address {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

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

/** Clients beyond this are refused: Prometheus has one connection. */
const MOST_CONNECTIONS = 50;
const REQUEST_MS = 10_000;

export interface MetricsServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Answers GET /metrics, and nothing else.
 *
 * @param page the text of the page; asked for at each request
 * @throws {PgvtuneError} `environment` when the address cannot be listened on
 */
export async function serveMetrics(address: Address, page: () => Promise<string>): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) => {
    const answer = (status: number, text: string, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8', ...headers });
      response.end(request.method === 'HEAD' ? undefined : text);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD')
      answer(405, 'Method not allowed.\n', { Allow: 'GET, HEAD' });
    else if (request.url?.split('?')[0] !== '/metrics') answer(404, 'The metrics are at /metrics.\n');
    else
      page().then(
        (text) => answer(200, text),
        (error: unknown) => answer(500, `${String(error)}\n`),
      );
  });
  server.maxConnections = MOST_CONNECTIONS;
  await listening(server, address);
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return {
    url: `http://${host}:${port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new PgvtuneError('environment', `Cannot listen on ${host}:${port}: ${cause.message}.`, {
          hint:
            cause.code === 'EADDRINUSE'
              ? 'Another program listens there: stop it, or choose another port with --listen.'
              : 'Choose an address of this machine, and a port from 1024 on.',
          cause,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
}
