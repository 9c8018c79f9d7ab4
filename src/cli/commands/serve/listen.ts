import type { IncomingMessage } from 'node:http';
import { PgvtuneError } from '../../../errors.js';
import type { Io } from '../../io.js';
import { type HttpListener, listenHttp, plain } from '../../listen-http.js';
import { respondTo } from './site.js';

const HOST = '127.0.0.1';

/**
 * Serves a folder of runs on the loopback interface.
 *
 * @param port 0: a free one
 * @throws {PgvtuneError} `usage` where the port is taken or may not be used
 */
export async function serveFolder(io: Io, folder: string, port: number): Promise<HttpListener> {
  try {
    return await listenHttp(io, { host: HOST, port }, (path, request) =>
      isOwnHost(request) ? respondTo(folder, path) : plain(403, 'This server answers on this machine only.'),
    );
  } catch (error) {
    throw refused(error as NodeJS.ErrnoException, port);
  }
}

/** A page of another site whose name leads here (DNS rebinding) comes with that name. */
function isOwnHost({ headers, socket }: IncomingMessage): boolean {
  return [HOST, 'localhost'].some((name) => headers.host === `${name}:${socket.localPort}`);
}

function refused(error: NodeJS.ErrnoException, port: number): Error {
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
