import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PgvtuneError } from '../../../errors.js';
import { respondTo } from './site.js';

const ADDRESS = '127.0.0.1';

/**
 * Serves a folder of runs on the loopback interface.
 *
 * @param port 0: a free one
 * @throws {PgvtuneError} `usage` where the port is taken or may not be used
 */
export async function listen(folder: string, port: number): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => answer(folder, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(asPgvtuneError(error, port)));
    server.listen(port, ADDRESS, resolve);
  });
  const address = server.address();
  const listening = typeof address === 'object' && address !== null ? address.port : port;
  return { server, url: `http://${ADDRESS}:${listening}/` };
}

function answer(folder: string, request: IncomingMessage, response: ServerResponse): void {
  if (!isOwnHost(request)) return refuse(response, 403, 'This server answers on this machine only.');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return refuse(response, 405, 'This server only shows.');
  }
  const [path = '/'] = (request.url ?? '/').split('?');
  try {
    const { status, type, body, policy } = respondTo(folder, path);
    send(request, response, { status, type, body, policy });
  } catch {
    refuse(response, 500, 'The folder cannot be read.');
  }
}

/** A page of another site whose name leads here (DNS rebinding) comes with that name. */
function isOwnHost({ headers, socket }: IncomingMessage): boolean {
  return [ADDRESS, 'localhost'].some((name) => headers.host === `${name}:${socket.localPort}`);
}

interface Sent {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly policy: string;
}

function send({ method }: IncomingMessage, response: ServerResponse, { status, type, body, policy }: Sent): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Content-Security-Policy': policy,
    ...HARDENED,
  });
  response.end(method === 'HEAD' ? undefined : body);
}

const HARDENED = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'",
    ...HARDENED,
  });
  response.end(`${text}\n`);
}

function asPgvtuneError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new PgvtuneError('usage', `Port ${port} is in use.`, {
      hint: 'Choose another --port, or 0 for a free one.',
    });
  }
  if (error.code === 'EACCES') {
    return new PgvtuneError('usage', `Port ${port} may not be used by this user.`, {
      hint: 'Choose a --port from 1024.',
    });
  }
  return error;
}
