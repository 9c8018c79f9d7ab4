import { once } from 'node:events';
import { type AddressInfo, createServer, type Server as TcpServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openSession } from '../../src/postgres/connect.js';

/** A message of the backend: a letter, the length, the body. */
function message(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const int = (value: number, bytes: 2 | 4): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeIntBE(value, 0, bytes);
  return buffer;
};
const text = (value: string): Buffer => Buffer.from(`${value}\0`);

const LOGGED_IN = Buffer.concat([
  message('R', int(0, 4)),
  message('K', Buffer.concat([int(1, 4), int(2, 4)])),
  message('Z', Buffer.from('I')),
]);
const TEXT_OID = 25;
const NOTICE = message(
  'N',
  Buffer.concat([Buffer.from('S'), text('NOTICE'), Buffer.from('M'), text('x'), Buffer.from([0])]),
);

/** One row with one column of type text. */
const answer = (value: string): Buffer => {
  const column = [text('pid'), int(0, 4), int(0, 2), int(TEXT_OID, 4), int(-1, 2), int(-1, 4), int(0, 2)];
  return Buffer.concat([
    message('T', Buffer.concat([int(1, 2), ...column])),
    message('D', Buffer.concat([int(1, 2), int(Buffer.byteLength(value), 4), Buffer.from(value)])),
    message('C', text('SELECT 1')),
    message('Z', Buffer.from('I')),
  ]);
};

describe('a server that lets one in', () => {
  let server: TcpServer | undefined;
  afterEach(() => server?.close());

  async function connectTo(firstStatement: (socket: Socket) => void): Promise<unknown> {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(LOGGED_IN);
        socket.once('data', () => firstStatement(socket));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const target = { host: '127.0.0.1', port, user: 'u', database: 'd', tls: false } as const;
    return openSession({ target, applicationName: 'test', loginTimeoutMs: 300 }).catch((error: unknown) => error);
  }

  it('and is silent then is cut off', async () => {
    expect(await connectTo(() => undefined)).toMatchObject({
      code: 'server',
      message: expect.stringContaining('did not let pgvtune in'),
    });
  });

  it('and never stops talking is cut off', async () => {
    const talk = (socket: Socket): void => {
      if (socket.destroyed) return;
      socket.write(NOTICE);
      setImmediate(talk, socket);
    };
    expect(await connectTo(talk)).toMatchObject({
      code: 'server',
      message: expect.stringContaining('did not let pgvtune in'),
    });
  });

  it.each(['not a number', '12.5', ''])('and tells a backend %j is no PostgreSQL', async (pid) => {
    expect(await connectTo((socket) => socket.write(answer(pid)))).toMatchObject({
      code: 'server',
      message: expect.stringContaining('not as PostgreSQL does'),
    });
  });
});
