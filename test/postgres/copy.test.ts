import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PgvtuneError } from '../../src/errors.js';
import { openServer, type Server, type Session } from '../../src/postgres/index.js';
import { hasLocal } from '../support/servers.js';

describe.runIf(await hasLocal())('copyIn', () => {
  let server: Server;
  let session: Session;
  let controller: AbortController;
  beforeAll(async () => {
    controller = new AbortController();
    server = await openServer('local', { run: 'copy', signal: controller.signal, note: () => undefined });
    session = await server.connect('test');
    await session.query('CREATE TABLE items (n int NOT NULL)');
  });
  afterAll(() => server?.stop());
  beforeEach(() => session.query('TRUNCATE items'));

  const copy = 'COPY items FROM STDIN';
  const count = async (): Promise<unknown> => (await session.query('SELECT count(*)::int AS n FROM items'))[0];

  async function* lines(
    rows: number,
    atRow?: { row: number; event: () => string | Promise<string> },
  ): AsyncGenerator<Buffer> {
    for (let row = 0; row < rows; row++) {
      yield Buffer.from(row === atRow?.row ? await atRow.event() : `${row}\n`);
    }
  }

  it('loads what the chunks hold', async () => {
    await session.copyIn(copy, lines(5000));
    expect(await count()).toEqual({ n: 5000 });
  });

  it('loads nothing when the source fails, and passes its error on', async () => {
    const failure = new PgvtuneError('dataset', 'row 3000 holds NaN');
    const event = (): never => {
      throw failure;
    };
    await expect(session.copyIn(copy, lines(5000, { row: 3000, event }))).rejects.toBe(failure);
    expect(await count()).toEqual({ n: 0 });
  });

  it('loads nothing when the server refuses a row, and tells which', async () => {
    const rows = lines(100_000, { row: 3000, event: () => 'three\n' });
    await expect(session.copyIn(copy, rows)).rejects.toMatchObject({
      code: 'server',
      sqlstate: '22P02',
      message: expect.stringContaining('"three"'),
    });
    expect(await count()).toEqual({ n: 0 });
  });

  it('fails before any row when the table is not there', async () => {
    await expect(session.copyIn('COPY nowhere FROM STDIN', lines(10))).rejects.toMatchObject({ sqlstate: '42P01' });
    expect(await count()).toEqual({ n: 0 });
  });

  // The last: after it the run is over.
  it('stops at an abort and loads nothing', async () => {
    const cleaner = await server.connect('clean-up', { evenIfInterrupted: true });
    const event = (): string => {
      controller.abort();
      return '0\n';
    };
    await expect(session.copyIn(copy, lines(100_000, { row: 3000, event }))).rejects.toMatchObject({
      code: 'interrupted',
    });
    await session.close();
    expect(await cleaner.query('SELECT count(*)::int AS n FROM items')).toEqual([{ n: 0 }]);
  });
});
