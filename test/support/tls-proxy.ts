import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';

/** A PostgreSQL server with TLS: a TCP port that encrypts what it passes on to a Unix socket. */
export interface TlsProxy {
  readonly port: number;
  /** File of the self-signed certificate, made out to `localhost`. */
  readonly certificate: string;
  close(): Promise<void>;
}

export async function tlsProxy(socketPath: string, folder: string): Promise<TlsProxy> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const request = 'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost';
  execFileSync('openssl', [...request.split(' '), '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const secureContext = createSecureContext({ key: readFileSync(key), cert: readFileSync(certificate) });
  const sockets = new Set<Socket>();

  const server = createServer((client) => {
    sockets.add(client.on('error', () => undefined));
    // The first message is SSLRequest; 'S' accepts it.
    client.once('data', () => {
      client.write('S');
      const secure = new TLSSocket(client, { isServer: true, secureContext });
      const upstream = connect(socketPath);
      for (const [from, to] of [
        [secure, upstream],
        [upstream, secure],
      ] as const) {
        from.on('error', () => to.destroy());
        from.pipe(to);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    certificate,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
