import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionTarget } from './connection-url.js';

/** What the server handed out at login; whoever shows it may cancel that backend's statement. */
export interface BackendKey {
  readonly processID: number;
  readonly secretKey: number;
}

/** Message codes of the frontend/backend protocol: sent in place of a protocol version. */
const CANCEL_REQUEST = 80_877_102;
const SSL_REQUEST = 80_877_103;

/**
 * Asks the server, on a connection of its own, to cancel what a backend is doing. Resolves when the server has closed
 * that connection, which it does after signalling the backend. The server never says whether it did anything.
 */
export function requestCancel(target: ConnectionTarget, key: BackendKey, timeoutMs: number): Promise<void> {
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(CANCEL_REQUEST, 4);
  message.writeInt32BE(key.processID, 8);
  message.writeInt32BE(key.secretKey, 12);

  return new Promise((resolve, reject) => {
    const socket = target.host.startsWith('/')
      ? connectPlain(`${target.host}/.s.PGSQL.${target.port}`)
      : connectPlain(target.port, target.host);
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.once('connect', () => {
      if (target.tls === false) send(socket, message);
      else encrypted(socket, target, (secure) => send(secure, message), reject);
    });
  });
}

function send(socket: Socket, message: Buffer): void {
  socket.write(message);
  // 'close' comes only when what the server sent has been read, even if it is nothing.
  socket.resume();
}

function encrypted(
  socket: Socket,
  target: ConnectionTarget,
  ready: (secure: Socket) => void,
  failed: (error: Error) => void,
): void {
  const request = Buffer.alloc(8);
  request.writeInt32BE(8, 0);
  request.writeInt32BE(SSL_REQUEST, 4);
  socket.write(request);
  socket.once('data', (answer) => {
    if (answer.toString('latin1') !== 'S') {
      socket.destroy(new Error('The server does not support TLS connections'));
      return;
    }
    const name = isIP(target.host) === 0 ? { servername: target.host } : {};
    const secure = connectTls({ socket, host: target.host, ...name, ...target.tls }, () => ready(secure));
    secure.on('error', failed);
  });
}
