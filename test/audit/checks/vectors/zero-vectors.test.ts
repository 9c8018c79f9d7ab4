import { expect, it } from 'vitest';
import { zeroVectors } from '../../../../src/audit/checks/vectors/zero-vectors.js';
import { isUnread } from '../../../../src/findings.js';
import { takeDatabaseSnapshot } from '../../../../src/live/index.js';
import { describeWithServers, newLogin, urlOf } from '../../../support/check-servers.js';
import {
  databaseSnapshot,
  databaseWith,
  expectFound,
  expectSilence,
  foundBy,
  run,
} from '../../../support/database-checks.js';
import { open } from '../../../support/servers.js';

const exactly = (value: number) => ({ value, low: value, high: value });
const TABLE = [
  'CREATE SCHEMA "Ext"',
  'CREATE EXTENSION vector SCHEMA "Ext"',
  `CREATE TABLE "Do""cs" (id int, "v v" "Ext".vector(3))`,
  `INSERT INTO "Do""cs" SELECT i, ARRAY[CASE WHEN i % 10 > 0 THEN i ELSE 0 END, 0, 0]::real[]::"Ext".vector FROM generate_series(1, 200) AS i`,
  'INSERT INTO "Do""cs" SELECT 0 FROM generate_series(1, 50)',
];
const INDEX = `CREATE INDEX docs_v ON "Do""cs" USING hnsw ("v v" "Ext".vector_cosine_ops)`;
/** Without the schema of pgvector no evidence runs. */
const PATH = `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, "Ext"', current_database()); END $$`;

describeWithServers('zero-vectors', () => {
  it('counts those of a small table, and names the indexes that lack them', () =>
    expectFound(zeroVectors, [...TABLE, INDEX, PATH], {
      severity: 'low',
      object: 'public.Do"cs.v v',
      data: {
        table: 'public.Do"cs',
        column: 'v v',
        sampled: 200,
        isWhole: true,
        share: exactly(0.1),
        rows: 20,
        indexes: ['docs_v'],
      },
    }));

  it('is worth no more than a note where no index is for the cosine distance', () =>
    expectFound(zeroVectors, [...TABLE, PATH], { severity: 'info', data: expect.objectContaining({ indexes: [] }) }));

  it('reads a part of the pages of a larger table, parts of a partitioned one together', async () => {
    const database = await databaseWith(
      'CREATE EXTENSION vector',
      'CREATE TABLE docs (id int, v halfvec(3), note text) PARTITION BY HASH (id)',
      ...[0, 1].map(
        (part) => `CREATE TABLE docs_${part} PARTITION OF docs FOR VALUES WITH (MODULUS 2, REMAINDER ${part})`,
      ),
      // A row a page: no more than 1,000 of these are picked.
      'ALTER TABLE docs_0 SET (fillfactor = 10)',
      'ALTER TABLE docs_1 SET (fillfactor = 10)',
      `INSERT INTO docs SELECT i, ARRAY[CASE WHEN i % 4 > 0 THEN i ELSE 0 END, 0, 0]::real[]::vector::halfvec, repeat('x', 800)
         FROM generate_series(1, 4000) AS i`,
      'VACUUM ANALYZE docs',
    );
    const snapshot = await databaseSnapshot(database);
    const found = foundBy(zeroVectors, snapshot);
    expect(found.map(({ object }) => object)).toEqual(['public.docs.v']);
    const { sampled, isWhole, share, rows } = found[0]!.data;
    expect(isWhole).toBe(false);
    expect(sampled).toBeGreaterThan(600);
    expect(sampled).toBeLessThan(1500);
    expect(share.low).toBeLessThan(0.25);
    expect(share.high).toBeGreaterThan(0.25);
    expect(share.high - share.low).toBeLessThan(0.08);
    expect(rows).toBeCloseTo(4000 * share.value, 0);
    expect(foundBy(zeroVectors, await databaseSnapshot(database))).toEqual(found);
  });

  it('is not made by a role that may not read the vectors, or not all rows', async () => {
    const database = await databaseWith(...TABLE);
    const read = async (login: { readonly role: string; readonly database: string }) => {
      const server = await open(urlOf(login), { asIs: true });
      const { vectorSamples } = await takeDatabaseSnapshot(server, { deadlineMs: 30_000 });
      await server.stop();
      return vectorSamples;
    };
    expect(await read(await newLogin({}, { database, memberOf: 'pg_monitor' }))).toEqual({ unread: 'vectors-hidden' });
    const reader = await newLogin({}, { database, memberOf: 'pg_read_all_data' });
    expect(isUnread(await read(reader))).toBe(false);
    // It may read the table, but not use the functions of pgvector.
    const stranger = await newLogin({}, { database, memberOf: 'pg_monitor' });
    await run(database, `GRANT SELECT ON "Do""cs" TO ${stranger.role}`);
    expect(await read(stranger)).toEqual({ unread: 'vectors-hidden' });
    await run(database, 'ALTER TABLE "Do""cs" ENABLE ROW LEVEL SECURITY');
    expect(await read(reader)).toEqual({ unread: 'vectors-hidden' });
  });

  it('is silent where each has a direction, and where there are none', () =>
    expectSilence(
      zeroVectors,
      ...TABLE,
      `DELETE FROM "Do""cs" WHERE "v v" OPERATOR("Ext".=) '[0,0,0]'::"Ext".vector`,
      'CREATE TABLE empty (v "Ext".sparsevec(3))',
    ));
});
