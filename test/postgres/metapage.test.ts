import { describe, expect, it } from 'vitest';
import { findExtension, openWorkspace, readMetapage } from '../../src/postgres/index.js';
import { parseMetapage } from '../../src/postgres/metapage.js';
import { describeServers } from '../support/servers.js';

describe('the first page of an index', () => {
  it('is refused when it is no such page', () => {
    expect(() => parseMetapage(Buffer.alloc(8192))).toThrow('Expected the first page of an HNSW or IVFFlat index');
  });
});

await describeServers('the first page of an index', (server) => {
  it('tells the parameters that it was built with, whatever the catalog says since', async () => {
    const workspace = await openWorkspace(server(), 'metapage');
    const session = await workspace.connect('test');
    const [graph, lists] = [workspace.quote('graph'), workspace.quote('lists')];
    await session.query(`CREATE TABLE ${workspace.quote('items')} (v vector(3))`);
    await session.query(`INSERT INTO items SELECT ARRAY[i, sin(i), 1]::vector FROM generate_series(1, 200) AS i`);
    await session.query('CREATE INDEX graph ON items USING hnsw (v vector_l2_ops) WITH (m = 8, ef_construction = 40)');
    await session.query('CREATE INDEX lists ON items USING ivfflat (v vector_l2_ops) WITH (lists = 7)');

    expect(await findExtension(session, 'pageinspect', { create: false })).toBeNull();
    expect(await readMetapage(session, graph)).toBeNull();
    expect(await findExtension(session, 'pageinspect', { create: true })).toBe('"public"');
    expect(await readMetapage(session, graph)).toEqual({ m: 8, ef_construction: 40 });
    expect(await readMetapage(session, lists)).toEqual({ lists: 7 });
    await session.query('ALTER INDEX graph SET (m = 16)');
    expect(await readMetapage(session, graph)).toEqual({ m: 8, ef_construction: 40 });

    await session.query('CREATE ROLE reader');
    await session.query(`GRANT USAGE ON SCHEMA ${workspace.schema} TO reader`);
    await session.query('SET ROLE reader');
    expect(await readMetapage(session, graph)).toBeNull();
    await session.query('RESET ROLE');
    await workspace.drop();
  });
});
