import { statfs } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MEASUREMENT_SETTINGS, type MeasurementSnapshot } from '../../../src/audit/index.js';
import { isUnread } from '../../../src/findings.js';
import { takeMeasurementSnapshot } from '../../../src/live/index.js';
import type { Server } from '../../../src/postgres/index.js';
import { temporaryFolder } from '../../support/processes.js';
import { hasLocal, open } from '../../support/servers.js';

/** Codes of the parts that could not be read, by part. */
const missing = (snapshot: MeasurementSnapshot) =>
  Object.fromEntries(
    Object.entries(snapshot).flatMap(([part, value]) => (isUnread(value) ? [[part, value.unread]] : [])),
  );

describe.runIf(await hasLocal())('a snapshot of a native server', () => {
  let server: Server;
  let snapshot: MeasurementSnapshot;
  beforeAll(async () => {
    server = await open('local', { asIs: true });
    snapshot = await takeMeasurementSnapshot(server);
  });
  afterAll(() => server.stop());

  it('lacks nothing', () => {
    expect(missing(snapshot)).toEqual({});
    expect(snapshot).toMatchObject({
      server: { label: 'local', nativeTimings: true },
      login: { role: 'postgres', database: 'postgres' },
      pgvectorSchema: { name: 'public', mayUse: true },
      secondConnection: { opened: true, roleLimit: -1, databaseLimit: -1 },
      backendsShared: false,
      standby: false,
      mayCreateSchema: true,
      otherActiveSessions: 0,
      autoExplain: null,
    });
  });

  it('has every setting as PostgreSQL shows it, sizes in bytes', async () => {
    const session = await server.connect('test');
    const settings = await session.query<{ name: string; text: string; bytes: string | null }>(
      `SELECT name, current_setting(name) AS text,
              CASE WHEN unit ~ 'B$' THEN pg_size_bytes(current_setting(name)) END AS bytes
         FROM pg_settings WHERE name = ANY($1)`,
      [Object.keys(MEASUREMENT_SETTINGS)],
    );
    await session.close();
    const shown: Record<string, unknown> = Object.fromEntries(
      settings.map(({ name, text, bytes }) => [name, bytes === null ? text : Number(bytes)]),
    );
    const read = Object.entries(MEASUREMENT_SETTINGS).map(([name, kind]) => {
      const value = snapshot[name as keyof typeof MEASUREMENT_SETTINGS];
      if (kind === 'boolean') return [name, value ? 'on' : 'off'];
      return [name, typeof value === 'number' && kind === 'number' ? `${value}` : value];
    });
    expect(Object.fromEntries(read)).toEqual(shown);
    expect(snapshot.debug_assertions).toBe(false);
  });

  it('has the version of the server', async () => {
    const session = await server.connect('test');
    const [row] = await session.query<{ version: string; number: string }>(
      `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number`,
    );
    await session.close();
    expect(snapshot.postgresql).toEqual({ version: row!.version, number: Number(row!.number) });
  });

  it('has the work of others and the shared memory of this machine, which is the server’s', async () => {
    const { otherWork, sharedMemoryBytes } = await takeMeasurementSnapshot(server);
    if (existsSync('/proc/stat')) {
      expect(otherWork).toMatchObject({ share: expect.any(Number), idleShare: expect.any(Number) });
    }
    const { bsize, blocks } = await statfs('/dev/shm');
    expect(sharedMemoryBytes).toBeGreaterThan(0);
    expect(sharedMemoryBytes).toBeLessThanOrEqual(bsize * blocks);
  });
});

describe('a snapshot of the embedded server', () => {
  const temporary = temporaryFolder();
  let server: Server;
  beforeAll(async () => {
    vi.stubEnv('TMPDIR', temporary.path);
    server = await open('embedded', { asIs: true });
    vi.unstubAllEnvs();
  });
  afterAll(async () => {
    await server.stop();
    temporary.remove();
  });

  it('says what cannot be seen of it, and why', async () => {
    expect(missing(await takeMeasurementSnapshot(server))).toEqual({
      secondConnection: 'one-session',
      backendsShared: 'one-session',
      memoryBytes: 'machine-not-visible',
      sharedMemoryBytes: 'machine-not-visible',
    });
  });

  it('takes no machine for the server’s whose processes are not its backends, whatever the address', async () => {
    const folder = join(temporary.path, temporary.entries()[0]!);
    const existing = await open(`postgres://postgres@/postgres?host=${folder}`, { asIs: true });
    const snapshot = await takeMeasurementSnapshot(existing);
    await existing.stop();
    expect(missing(snapshot)).toEqual({
      memoryBytes: 'machine-not-visible',
      sharedMemoryBytes: 'machine-not-visible',
    });
  });
});
