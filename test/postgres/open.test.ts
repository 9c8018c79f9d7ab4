import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Server } from '../../src/postgres/index.js';
import { dockerMemoryBytes } from '../../src/postgres/servers/container.js';
import type { Note } from '../../src/progress.js';
import { temporaryFolder } from '../support/processes.js';
import { hasLocal, open, warnOnce } from '../support/servers.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

const local = await hasLocal();
const docker = (await dockerMemoryBytes()) !== undefined;
if (!docker) warnOnce('SKIPPED: tests of the container, because no Docker engine answers.');

describe('openServer', () => {
  it.each(['docker', 'mysql://db', ''])('refuses "%s" and lists what there is', async (choice) => {
    await expect(open(choice)).rejects.toMatchObject({ code: 'usage', hint: expect.stringContaining('embedded') });
  });

  it.runIf(local)('auto takes the local server where there is one, whatever DATABASE_URL says', async () => {
    vi.stubEnv('DATABASE_URL', 'postgres://production/shop');
    const notes: Note[] = [];
    const server = await open('auto', { note: (note) => notes.push(note) });
    await server.stop();
    expect(server.kind).toBe('local');
    expect(notes[0]).toMatchObject({ code: 'chose-local' });
  });

  it.skipIf(docker)('container says so when no Docker engine answers', async () => {
    await expect(open('container')).rejects.toMatchObject({
      code: 'environment',
      message: 'No Docker engine answers.',
      hint: expect.stringContaining('Start Docker'),
    });
  });

  it.runIf(docker)('container opens a server with pgvector', async () => {
    const server = await open('container');
    const session = await server.connect('test');
    expect(await session.query(`SELECT '[1,2]'::vector <-> '[1,3]' AS distance`)).toEqual([{ distance: 1 }]);
    await server.stop();
  });
});

describe.skipIf(docker)('with neither PostgreSQL nor Docker', () => {
  const temporary = temporaryFolder();
  const notes: Note[] = [];
  let server: Server;
  beforeAll(async () => {
    vi.stubEnv('PG_CONFIG', '/nonexistent/pg_config').stubEnv('TMPDIR', temporary.path);
    server = await open('auto', { note: (note) => notes.push(note) });
  });
  afterAll(async () => {
    await server.stop();
    temporary.remove();
  });

  it('auto takes the embedded server, and says what that means', () => {
    expect(server.kind).toBe('embedded');
    expect(notes).toEqual([{ code: 'chose-embedded', data: {} }]);
  });

  it('local says what is missing', async () => {
    vi.stubEnv('PG_CONFIG', '/nonexistent/pg_config');
    await expect(open('local')).rejects.toMatchObject({
      code: 'environment',
      hint: expect.stringContaining('PG_CONFIG'),
    });
  });

  it('a server that shares one backend between sessions, as poolers do, is refused as an existing server', async () => {
    // PGlite's socket is such a server.
    const folder = join(temporary.path, temporary.entries()[0] ?? '');
    await expect(open(`postgres://postgres@/postgres?host=${folder}`)).rejects.toMatchObject({
      code: 'server',
      message: expect.stringContaining('shares its backends'),
      hint: expect.stringContaining('directly'),
    });
  });
});
