import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBinaries } from '../../src/postgres/servers/binaries.js';
import { fakePostgres } from '../support/fake-postgres.js';
import { temporaryFolder } from '../support/processes.js';

describe('findBinaries', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  const install = (version: string, pgvector?: string): Promise<string> =>
    fakePostgres({ folder: folder.path, version, pgvector });

  it('takes the installation that PG_CONFIG names, and no other', async () => {
    const pgConfig = await install('17.6', '0.8.4');
    expect(await findBinaries({ PG_CONFIG: pgConfig })).toEqual([
      { folder: join(folder.path, '17.6', 'bin'), version: [17, 6], pgvector: '0.8.4' },
    ]);
  });

  it('tells when pgvector is missing', async () => {
    expect(await findBinaries({ PG_CONFIG: await install('18beta1') })).toMatchObject([
      { version: [18], pgvector: undefined },
    ]);
  });

  it('finds nothing where only client programs are, or nothing at all', async () => {
    const pgConfig = await install('16.1', '0.8.0');
    await chmod(join(folder.path, '16.1', 'bin', 'postgres'), 0o644);
    expect(await findBinaries({ PG_CONFIG: pgConfig })).toEqual([]);
    expect(await findBinaries({ PG_CONFIG: '/nonexistent' })).toEqual([]);
  });
});
