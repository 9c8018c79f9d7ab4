import { expect, it } from 'vitest';
import { auditDatabase, unjudgedIndexes } from '../../../src/audit/index.js';
import { auditDocument, auditTextsIn } from '../../../src/reports/index.js';
import { describeWithServers, superuser } from '../../support/check-servers.js';
import { databaseSnapshot, databaseWith, run } from '../../support/database-checks.js';

const ROWS = 25_000;
const METHODS = ['gin', 'gist', 'hash', 'spgist'];

describeWithServers('indexes of GIN, GiST, SP-GiST, hash and BRIN', () => {
  it('are never called bloated, fresh or written again, but listed as not judged where they are large', async () => {
    const database = await databaseWith(
      'CREATE TABLE items (id int, spot point, label text, words text[], day date)',
      `INSERT INTO items SELECT i, point(i % 1000, i), md5(i::text), ARRAY[md5(i::text), md5((i + 1)::text)], date '2026-01-01' + i % 300
         FROM generate_series(1, ${ROWS}) AS i`,
      'CREATE INDEX items_gin ON items USING gin (words)',
      'CREATE INDEX items_gist ON items USING gist (spot)',
      'CREATE INDEX items_spgist ON items USING spgist (label)',
      'CREATE INDEX items_hash ON items USING hash (label)',
      'CREATE INDEX items_brin ON items USING brin (day)',
      'VACUUM ANALYZE items',
    );
    const bloated = async () => {
      const { findings } = auditDatabase(await databaseSnapshot(database));
      return findings.filter(({ code }) => code.endsWith('bloat'));
    };
    expect(await bloated()).toEqual([]);
    await run(database, 'UPDATE items SET words = words, label = label, spot = spot', 'VACUUM ANALYZE items');
    expect(await bloated()).toEqual([]);

    const facts = await databaseSnapshot(database);
    const found = unjudgedIndexes(facts);
    expect(found.map(({ index }) => index.method).toSorted()).toEqual(METHODS);
    const report = { server: facts.server, facts, audit: auditDatabase(facts), texts: auditTextsIn('en') };
    const document = auditDocument('index_strategy', report);
    for (const { index } of found) expect(document).toContain(index.name);
    expect(document).not.toContain('items_brin');

    const session = await superuser(database);
    const [extension] = await session.query(`SELECT FROM pg_available_extensions WHERE name = 'pgstattuple'`);
    if (extension) await session.query('CREATE EXTENSION pgstattuple');
    for (const { look } of extension ? found : []) if (look !== null) expect(await session.query(look)).toHaveLength(1);
    await session.close();
  });
});
