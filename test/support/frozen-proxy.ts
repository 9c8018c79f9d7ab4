import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A TCP port in front of a Unix socket that can fall silent, as a network does that drops packets. */
export interface FrozenProxy {
  readonly port: number;
  /** From now on nothing passes, and nobody is told; new connections are accepted and never answered. */
  freeze(): void;
  close(): Promise<void>;
}

/** @param port 0: one that is free */
export async function frozenProxy(socketPath: string, port = 0): Promise<FrozenProxy> {
  const sockets = new Set<Socket>();
  let frozen = false;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined);
  };
  const server = createServer((client) => {
    keep(client);
    if (frozen) return;
    const upstream = keep(connect(socketPath));
    const forward = (from: Socket, to: Socket): void => {
      from.on('data', (data) => {
        if (!frozen) to.write(data);
      });
      from.on('close', () => to.destroy());
    };
    forward(client, upstream);
    forward(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => {
      frozen = true;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
