import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIndexSql, gucs, indexKinds, kindOfIndex, optionsOf, parametersOf } from '../../src/indexes/index.js';
import { readLiveTable } from '../../src/live/catalog/table.js';
import { applySettings, loadLibrariesOf, type Server, type Session } from '../../src/postgres/index.js';
import { open } from '../support/servers.js';

/*
 * What the registry says about extensions other than pgvector, asked of them. They come in containers, for example
 * `timescale/timescaledb-ha:pg17` and `tensorchord/vchord-suite:pg17-latest`: PGVTUNE_OTHER_METHODS=postgres://… names one.
 */

const url = process.env['PGVTUNE_OTHER_METHODS'];

describe.runIf(url)('access methods of other extensions', () => {
  let server: Server;
  let session: Session;
  let installed: readonly string[] = [];

  beforeAll(async () => {
    server = await open(url!);
    session = await server.connect('other-methods');
    const rows = await session.query<{ name: string }>('SELECT name FROM pg_available_extensions');
    installed = rows.map(({ name }) => name);
  });
  afterAll(async () => {
    await session.close();
    await server.stop();
  });

  const kinds = indexKinds.filter(({ extension }) => extension !== 'vector');

  it('are there at least one', () => {
    expect(kinds.filter(({ extension }) => installed.includes(extension))).not.toEqual([]);
  });

  it.each(kinds)('$name is built, read back and searched as the registry says', async (kind) => {
    if (!installed.includes(kind.extension)) return;
    await session.rolledBack(async () => {
      await session.query(`CREATE EXTENSION IF NOT EXISTS ${kind.extension} CASCADE`);
      await session.query('CREATE TABLE few (id bigint, embedding vector(8))');
      await session.query(
        `INSERT INTO few SELECT i, ARRAY(SELECT random() - 0.5 FROM generate_series(1, 8) WHERE i = i)::vector
           FROM generate_series(1, 200) i`,
      );
      const spec = { method: kind.name, representation: 'vector' as const, parameters: {} };
      const target = { name: 'few_ix', table: 'few', column: 'embedding', dimensions: 8, metric: 'cosine' as const };
      await session.query(createIndexSql({ ...target, spec })!);
      const [index] = (await readLiveTable(session, 'few')).indexes;
      expect(kindOfIndex(index!)).toBe(kind);
      const wanted = Object.entries(optionsOf(kind, parametersOf(kind, spec)));
      expect(kind.storage.read(index!.reloptions)).toEqual(
        Object.fromEntries(wanted.map(([name, value]) => [name, String(value)])),
      );
      await loadLibrariesOf(
        session,
        kind.knobs.map(({ guc }) => guc.split('.')[0]!),
      );
      for (const knob of kind.knobs) {
        const [row] = await session.query<{ low: string | null; high: string | null; initial: string }>(
          'SELECT min_val AS low, max_val AS high, boot_val AS initial FROM pg_settings WHERE name = $1',
          [knob.guc],
        );
        expect(row, knob.guc).toBeDefined();
        if (knob.kind === 'number' && knob.perMember === undefined) {
          expect([row!.low, row!.high, row!.initial].map(Number), knob.guc).toEqual([knob.min, knob.max, knob.default]);
        }
        const settings = gucs(kind.name, { [knob.name]: knob.default });
        expect(await applySettings(session, settings)).toEqual(settings);
      }
    });
  });
});
