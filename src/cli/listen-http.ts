import { createServer, type IncomingMessage } from 'node:http';
import type { Io } from './io.js';
import { reportFailure } from './report-failure.js';

/** Where a command listens. */
export interface Address {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** What is sent for a request. */
export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  /** Content-Security-Policy; default: nothing is allowed. */
  readonly policy?: string;
}

export interface HttpListener {
  /** `http://127.0.0.1:8417` */
  readonly origin: string;
  readonly close: () => Promise<void>;
}

export const PLAIN_TEXT = 'text/plain; charset=utf-8';

/** Clients beyond this are refused: a browser has six connections, Prometheus has one. */
const MOST_CONNECTIONS = 50;
const REQUEST_MS = 10_000;
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/**
 * Answers GET and HEAD at an address, and nothing else. A request whose answer fails gets status 500 without the reason, which
 * is told on standard error.
 *
 * @param answer to a path of the URL, which is neither decoded nor resolved, without its query
 * @throws {NodeJS.ErrnoException} when the address cannot be listened on
 */
export async function listenHttp(
  io: Pick<Io, 'stdout' | 'stderr'>,
  { host, port }: Address,
  answer: (path: string, request: IncomingMessage) => HttpAnswer | Promise<HttpAnswer>,
): Promise<HttpListener> {
  const answerTo = async (request: IncomingMessage): Promise<HttpAnswer> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'Method not allowed.');
    const [path = '/'] = (request.url ?? '/').split('?');
    try {
      return await answer(path, request);
    } catch (error) {
      reportFailure(error, [], io);
      return plain(500, 'The answer to this request failed.');
    }
  };
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) => {
    void answerTo(request).then(({ status, type, body, policy = "default-src 'none'" }) => {
      response.writeHead(status, {
        'Content-Type': type,
        'Content-Length': Buffer.byteLength(body),
        'Content-Security-Policy': policy,
        ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
        ...HEADERS,
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  const listening = typeof bound === 'object' && bound !== null ? bound.port : port;
  return {
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${listening}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An answer of one sentence. */
export const plain = (status: number, sentence: string): HttpAnswer => ({
  status,
  type: PLAIN_TEXT,
  body: `${sentence}\n`,
});
