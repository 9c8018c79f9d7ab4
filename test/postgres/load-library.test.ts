import { expect, it } from 'vitest';
import { loadLibrariesOf, readSettings, readOnly } from '../../src/postgres/index.js';
import { describeServers } from '../support/servers.js';

await describeServers('settings of a library that is not loaded yet', (server) => {
  it('exist once it is, also in a read-only transaction', async () => {
    const session = await server().connect('test');
    try {
      await session.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    } finally {
      await session.close();
    }
    const fresh = await server().connect('test');
    const name = 'pg_trgm.similarity_threshold';
    try {
      const known = (): Promise<object[]> => fresh.query('SELECT FROM pg_settings WHERE name = $1', [name]);
      const before = await known();
      await readOnly(fresh, { deadlineMs: 10_000 }, () => loadLibrariesOf(fresh, ['pg_trgm']));
      expect(await known()).toHaveLength(1);
      expect(await readSettings(fresh, [name])).toEqual({ [name]: '0.3' });
      // The embedded server has one backend, which may have loaded it for an earlier session.
      expect(before.length).toBeLessThanOrEqual(1);
    } finally {
      await fresh.close();
    }
  });

  it('belong to the extension that owns the access method of that name', async () => {
    const session = await server().connect('test');
    try {
      await loadLibrariesOf(session, ['hnsw', 'nobody_has_this']);
      expect(await readSettings(session, ['hnsw.ef_search'])).toEqual({ 'hnsw.ef_search': '40' });
    } finally {
      await session.close();
    }
  });
});
