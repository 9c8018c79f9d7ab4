import { afterAll, beforeAll, expect, it } from 'vitest';
import { readOnly, type Session } from '../../../src/postgres/index.js';
import { fetchRows, type LiveTable, readLiveTable } from '../../../src/live/index.js';
import { sampleFromPages, sampleFromScan, type SampleOptions, sampleRows } from '../../../src/live/sampling/rows.js';
import { createRandom } from '../../../src/random.js';
import { describeServers } from '../../support/servers.js';

await describeServers('a random sample of a table', (server) => {
  let session: Session;
  let uneven: LiveTable;

  beforeAll(async () => {
    session = await server().connect('sample');
    // 30 pages of some 90 rows; then every other page keeps a tenth of its rows.
    await session.query(`
      CREATE TABLE uneven (id int PRIMARY KEY, tenant int, embedding vector(3));
      INSERT INTO uneven SELECT i, i % 7, CASE WHEN i % 11 > 0 THEN '[1,2,3]'::vector END FROM generate_series(1, 3000) i;
      DELETE FROM uneven WHERE (ctid::text::point)[0]::int % 2 = 0 AND id % 10 > 0;
      CREATE TABLE parted (id int, tenant int, embedding vector(3)) PARTITION BY RANGE (id);
      CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (100);
      CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM (100) TO (2000);
      INSERT INTO parted SELECT i, i % 7, ARRAY[i, 1, 1]::vector FROM generate_series(0, 1999) i`);
    for (const table of ['uneven', 'parted']) await session.query(`VACUUM ANALYZE ${table}`);
    uneven = await readLiveTable(session, 'uneven');
  });
  afterAll(() => session.close());

  const options = (change: Partial<SampleOptions> = {}): SampleOptions => ({
    rows: 100,
    where: null,
    random: createRandom(1),
    deadlineMs: 10_000,
    ...change,
  });
  const inSnapshot = <T>(work: () => Promise<T>): Promise<T> => readOnly(session, { deadlineMs: 10_000 }, work);
  const idsOf = async (table: LiveTable, positions: Float64Array): Promise<number[]> =>
    (await fetchRows<{ id: number }>(session, table, positions, () => 'id')).map(({ id }) => id);

  /** Pearson's χ² of how often each id was drawn, against equal chances, as a standard normal deviate (Wilson–Hilferty). */
  function deviateFromUniform(counts: ReadonlyMap<number, number>, ids: readonly number[]): number {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const expected = total / ids.length;
    const chi2 = ids.reduce((sum, id) => sum + ((counts.get(id) ?? 0) - expected) ** 2 / expected, 0);
    const df = ids.length - 1;
    return (Math.cbrt(chi2 / df) - (1 - 2 / (9 * df))) / Math.sqrt(2 / (9 * df));
  }

  it.each([
    ['pages drawn at random', (at: SampleOptions) => sampleFromPages(session, uneven, at, 100_000)],
    ['one pass over the table', (at: SampleOptions) => sampleFromScan(session, uneven, at)],
  ])('from %s gives every row the same chance, however full its page is', async (_, draw) => {
    const ids = (await session.query<{ id: number }>('SELECT id FROM uneven WHERE embedding IS NOT NULL')).map(
      ({ id }) => id,
    );
    const random = createRandom('uniform');
    const counts = new Map<number, number>();
    let sparse = 0;
    await inSnapshot(async () => {
      for (let round = 0; round < 40; round++) {
        const sample = await draw(options({ rows: 200, random: random.fork(String(round)) }));
        const drawn = await idsOf(uneven, sample!.positions);
        expect(new Set(drawn).size).toBe(200);
        for (const id of drawn) counts.set(id, (counts.get(id) ?? 0) + 1);
        sparse += sample!.positions.filter((position) => Math.floor(position / 65_536) % 2 === 0).length;
      }
    });
    // Without replacement within a sample the spread is a little smaller than χ²'s, never larger.
    expect(deviateFromUniform(counts, ids)).toBeLessThan(3);
    const [even] = await session.query<{ share: number }>(
      `SELECT avg(((ctid::text::point)[0]::int % 2 = 0)::int)::float8 AS share FROM uneven WHERE embedding IS NOT NULL`,
    );
    expect(Math.abs(sparse / 8000 - even!.share)).toBeLessThan(3 * Math.sqrt((even!.share * (1 - even!.share)) / 8000));
  });

  it('reads the pages it drew and nothing else', async () => {
    // One page in a thousand: the planner finds that cheaper than a pass over all.
    await session.query(`
      CREATE TABLE wide (id int, embedding vector(400));
      INSERT INTO wide SELECT i, array_fill(i, ARRAY[400])::vector FROM generate_series(1, 4000) i`);
    await session.query('ANALYZE wide');
    const wide = await readLiveTable(session, 'wide');
    await inSnapshot(async () => {
      const sample = await sampleRows(session, wide, options({ rows: 20 }));
      expect(sample).toMatchObject({ method: 'pages', nulls: 0 });
      expect(sample.positions).toHaveLength(20);
      expect(sample.seen).toBeLessThan(400);
      expect((await sampleRows(session, wide, options({ rows: 3000 }))).method).toBe('scan');
    });
    await session.query('DROP TABLE wide');
  });

  it('meets the condition, and counts the rows without a vector among those that do', async () => {
    await inSnapshot(async () => {
      for (const sample of [
        await sampleFromPages(session, uneven, options({ where: '(tenant = 3)' }), 100_000),
        await sampleFromScan(session, uneven, options({ where: '(tenant = 3)' })),
      ]) {
        const rows = await fetchRows<{ tenant: number; filled: boolean }>(
          session,
          uneven,
          sample!.positions,
          () => 'tenant, embedding IS NOT NULL AS filled',
        );
        expect(rows).toHaveLength(100);
        expect(rows.every(({ tenant, filled }) => tenant === 3 && filled)).toBe(true);
        expect(sample!.nulls / sample!.seen).toBeCloseTo(1 / 11, 1);
      }
    });
  });

  it('is everything when there is less than was asked for, each row once', async () => {
    const [{ count } = { count: '' }] = await session.query<{ count: string }>(
      'SELECT count(*) FROM uneven WHERE tenant = 3 AND embedding IS NOT NULL',
    );
    const sample = await inSnapshot(() => sampleRows(session, uneven, options({ rows: 5000, where: '(tenant = 3)' })));
    expect(new Set(sample.positions).size).toBe(Number(count));
    const none = await inSnapshot(() => sampleRows(session, uneven, options({ where: '(tenant = 99)' })));
    expect(none).toMatchObject({ seen: 0, nulls: 0 });
    expect(none.positions).toHaveLength(0);
  });

  it('gives up on pages when too few of their rows meet the condition', async () => {
    expect(
      await inSnapshot(() => sampleFromPages(session, uneven, options({ where: '(id = 5)', rows: 3 }), 64)),
    ).toBeNull();
  });

  it('takes from every partition in proportion to its rows', async () => {
    const parted = await readLiveTable(session, 'parted');
    expect(parted.leaves.map(({ name }) => name)).toEqual(['parted_1', 'parted_2']);
    await inSnapshot(async () => {
      for (const sample of [
        await sampleFromPages(session, parted, options({ rows: 500 }), 100_000),
        await sampleFromScan(session, parted, options({ rows: 500 })),
      ]) {
        const ids = await idsOf(parted, sample!.positions);
        expect(new Set(ids).size).toBe(500);
        // 25 expected; beyond 9 or 45 once in 10,000 times.
        const first = ids.filter((id) => id < 100).length;
        expect(first).toBeGreaterThan(8);
        expect(first).toBeLessThan(46);
      }
    });
  });

  it('is the same for the same seed', async () => {
    const draw = () => inSnapshot(() => sampleRows(session, uneven, options()));
    expect((await draw()).positions).toEqual((await draw()).positions);
  });
});
