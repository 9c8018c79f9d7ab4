import { describe, expect, it } from 'vitest';
import { filterSchema, type Filter } from '../../../src/filter.js';
import { createRandom } from '../../../src/random.js';
import { drawFilter, type DrawnFilter } from '../../../src/workloads/index.js';
import { hasRow } from '../../../src/workloads/filtered/matching-rows.js';
import { drawn, filteredData } from './filtered-data.js';

const data = filteredData({ queries: 200 });
const queries = Array.from({ length: 200 }, (_, query) => query);

const prepare = (filter: Filter, join: Parameters<typeof drawFilter>[2]['join'] = null): Promise<DrawnFilter> =>
  drawFilter(filterSchema.parse(filter), data, { queries, near: data.near, join, random: createRandom('draws') });

const refusal = async (filter: unknown): Promise<string> => {
  const error = await prepare(filter as Filter).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'PgvtuneError', code: 'usage' });
  return (error as Error).message;
};

describe('drawFilter', () => {
  it('finds the rows of a filter without draws', async () => {
    const filter: Filter = {
      and: [
        { column: 'public', op: '=', value: true },
        { column: 'size', op: '<', value: 500 },
      ],
    };
    const { filters, bitmaps, matches, asked, measure, shortfalls } = await prepare(filter);
    const expected = data.attributes.map((row) => row['public'] === true && Number(row['size']) < 500);
    expect(filters).toEqual([filter]);
    expect(expected.map((_, row) => hasRow(bitmaps[0]!, row))).toEqual(expected);
    expect(matches).toEqual([expected.filter(Boolean).length]);
    expect(asked).toEqual(queries);
    expect(measure.selectivity).toBeCloseTo(matches[0]! / 2000, 12);
    expect(measure.correlation).toBeCloseTo(0, 1);
    expect(shortfalls).toEqual([]);
  });

  it("takes the queries' own values, and leaves out those that have none", async () => {
    const { asked, filters, ofQuery, measure, shortfalls } = await prepare({
      column: 'tenant',
      op: '=',
      value: { draw: 'own' },
    });
    expect(filters.length).toBe(5);
    expect(asked.length).toBeLessThan(queries.length);
    expect(ofQuery.length).toBe(asked.length);
    expect(shortfalls).toEqual([
      { code: 'no-own-value', data: { column: 'tenant', queries: expect.any(Number), of: 200 } },
    ]);
    expect(measure.queries).toBe(asked.length);
    expect([measure.min, measure.max]).toEqual([expect.closeTo(0.01, 2), expect.closeTo(0.5, 1)]);
  });

  it('draws windows of so many days, which end where some row is', async () => {
    const { filters, measure, matches } = await prepare({
      column: 'created',
      op: 'window',
      value: { draw: { days: 30 } },
    });
    expect(filters.length).toBeGreaterThan(50);
    const days = data.attributes.map((row) => Date.parse(String(row['created'])) / 86_400_000);
    for (const [i, filter] of filters.entries()) {
      const [from, to] = (filter as { value: [string, string] }).value.map((text) => Date.parse(text) / 86_400_000);
      expect(to! - from!).toBe(30);
      expect(days).toContain(to);
      expect(from).toBeGreaterThanOrEqual(Math.min(...days));
      expect(matches[i]).toBe(days.filter((day) => day >= from! && day < to!).length);
    }
    expect(measure.selectivity).toBeCloseTo(30 / 365, 1);
  });

  it('draws a value that no row has, and values of so many rows', async () => {
    const none = await prepare({ column: 'tenant', op: '=', value: { draw: { rows: 0 } } });
    expect(none).toMatchObject({
      asked: queries,
      matches: [0],
      shortfalls: [],
      measure: { selectivity: 0, queries: 200 },
    });
    const five = await prepare({ column: 'document', op: '=', value: { draw: { rows: 5 } } });
    expect(new Set(five.matches)).toEqual(new Set([5]));
    const others = await prepare({ column: 'document', op: '=', value: { draw: { rows: 6 } } });
    expect(others.asked).toEqual([]);
    expect(others.shortfalls).toContainEqual({
      code: 'no-value-of-so-many-rows',
      data: { column: 'document', rows: 6 },
    });
  });

  it.each([
    [{ column: 'public', op: '=', value: { draw: { rows: 0 } } }, /cannot be drawn by a number of rows/],
    [{ column: 'created', op: '>=', value: { draw: { days: 3 } } }, /cannot be drawn by days/],
  ])('refuses to draw %j', async (filter, message) => {
    expect(await refusal(filter)).toMatch(message);
  });

  it('measures that own topics lie around their queries', async () => {
    const { measure } = await prepare({ column: 'topic', op: '=', value: { draw: 'own' } });
    expect(measure.selectivity).toBeCloseTo(0.1, 1);
    expect(measure.correlation).toBeGreaterThan(0.9);
  });

  it.each([
    ['=', 'topic', 0.1, [-1, -0.5, 0, 0.5, 0.8]],
    ['in', 'topic', 0.3, [-0.5, 0, 0.8]],
    ['in', 'document', 0.1, [-1, -0.5, 0, 0.3]],
    ['contains', 'meta', 0.1, [0]],
    ['contains', 'tags', 0.1, [0]],
    ['between', 'size', 0.01, [-0.5, 0, 0.1]],
    ['between', 'size', 0.2, [-0.1, 0]],
    ['window', 'created', 0.1, [0]],
    ['<=', 'size', 0.25, [0]],
    ['>=', 'created', 0.5, [0]],
  ])('draws values for %s on %s that leave %f of the rows', async (op, column, selectivity, correlations) => {
    for (const correlation of correlations) {
      const { measure, shortfalls } = await prepare(drawn(column, op, selectivity, correlation));
      expect({ op, column, correlation, shortfalls }).toMatchObject({ shortfalls: [] });
      expect(Math.abs(Math.log(measure.selectivity / selectivity))).toBeLessThan(Math.log(1.25));
      expect(
        Math.abs(measure.correlation - correlation),
        `${op} ${column} ${correlation}: ${measure.correlation}`,
      ).toBeLessThan(0.12);
    }
  });

  it('says what the data cannot give', async () => {
    const chance = await prepare(drawn('meta', 'contains', 0.1, 0.9));
    expect(chance.shortfalls).toEqual([
      {
        code: 'other-correlation',
        data: { column: 'meta', selectivity: expect.any(Number), reached: expect.any(Number), asked: 0.9 },
      },
    ]);
    expect(chance.measure.correlation).toBeLessThan(0.3);
    expect(await prepare(drawn('topic', '=', 0.001))).toMatchObject({
      asked: [],
      shortfalls: [{ code: 'nothing-so-selective', data: { column: 'topic', selectivity: 0.001 } }],
      measure: { queries: 0 },
    });
  });

  it('draws the same values for the same seed', async () => {
    const filter = drawn('document', 'in', 0.05, 0.3);
    expect(await prepare(filter)).toEqual(await prepare(filter));
  });

  it('binds several draws in one filter, in order', async () => {
    const filter: Filter = {
      and: [{ column: 'topic', op: '=', value: { draw: 'own' } }, { not: drawn('size', 'between', 0.5) }],
    };
    const { filters } = await prepare(filter);
    expect(filters[0]).toMatchObject({
      and: [
        { column: 'topic', op: '=', value: expect.stringMatching(/^topic/) as string },
        { not: { value: [expect.any(Number), expect.any(Number)] } },
      ],
    });
  });

  it('refuses what does not fit the columns, before any row is read', async () => {
    expect(await refusal({ column: 'nothing', op: 'is_null' })).toContain('got "nothing"');
    expect(await refusal({ column: 'size', op: '=', value: '5' })).toContain(
      'Expected a number for the column size, got "5"',
    );
    expect(await refusal({ column: 'tenant', op: 'in', value: ['large', 5] })).toContain(
      'Expected a text for the column tenant, got 5',
    );
    expect(await refusal({ column: 'created', op: '>', value: 'last year' })).toContain('Expected an ISO 8601 date');
    expect(await refusal({ column: 'tags', op: 'contains', value: 'a' })).toContain('a list of texts');
    expect(await refusal({ column: 'tags', op: '=', value: 'a' })).toContain('cannot be asked of');
    expect(await refusal({ column: 'public', op: '<', value: true })).toContain('cannot be asked of');
    expect(await refusal({ column: 'size', op: '<', value: { draw: 'own' } })).toContain('cannot be drawn as its own');
    expect(await refusal(drawn('tenant', 'between', 0.1))).toContain('cannot be drawn by a selectivity');
    expect(await refusal(drawn('tenant', '<>', 0.1))).toContain('cannot be drawn by a selectivity');
  });

  it('refuses a filter that leaves nothing', async () => {
    expect(await refusal({ column: 'tenant', op: '=', value: 'nobody' })).toBe(
      "The filter tenant = 'nobody' leaves none of the 2000 rows.",
    );
  });

  it('tells a filter that lies otherwise to each query from one that lies alike to all, at the same mean', async () => {
    const { measure: byTopic } = await prepare(drawn('topic', '=', 0.1));
    const { measure: byChance } = await prepare({ column: 'tenant', op: '=', value: 'tenth' });
    for (const { correlation } of [byTopic, byChance]) expect(Math.abs(correlation)).toBeLessThan(0.2);
    expect(byTopic.middleHalf[0]).toBeLessThan(-0.9);
    expect(byChance.middleHalf[0]).toBeGreaterThan(-0.6);
    expect(byChance.middleHalf[1]).toBeLessThan(0.2);
  });

  it('leaves out rows that a join loses, and counts them: columns that are copied would bring them back', async () => {
    const join = { table: 'documents', key: 'tenant', columns: ['public'] };
    const filter: Filter = { column: 'public', op: '=', value: true };
    const joined = await prepare(filter, join);
    const lost = data.attributes.filter(({ tenant }) => tenant === null);
    expect(joined.orphans).toBe(lost.length);
    const { orphans, matches } = await prepare(filter);
    expect(orphans).toBe(0);
    expect(matches[0]! - joined.matches[0]!).toBe(lost.filter((row) => row['public'] === true).length);
  });

  it('refuses joins that join nothing', async () => {
    const join = { table: 'documents', key: 'document', columns: ['owner'] };
    const wrong = (change: object, filter: Filter = { column: 'owner', op: '=', value: 'owner 1' }) =>
      prepare(filter, { ...join, ...change });
    await expect(wrong({})).resolves.toMatchObject({ matches: [expect.any(Number)] });
    await expect(wrong({ key: 'nothing' })).rejects.toThrow('got "nothing"');
    await expect(wrong({ columns: ['owner', 'document'] })).rejects.toThrow('cannot be one of its other columns');
    await expect(wrong({}, { column: 'size', op: '<', value: 5 })).rejects.toThrow('nothing to join');
  });

  it('draws lists of so many keys, none twice', async () => {
    const keyed = {
      ...data,
      columns: [...data.columns, { name: 'id', type: 'number', sqlType: 'bigint', key: true } as const],
      rows: async function* () {
        for (const [row, attributes] of data.attributes.entries()) yield { attributes: { ...attributes, id: 3 * row } };
      },
    };
    const lists = (rows: number) =>
      drawFilter({ column: 'id', op: 'in', value: { draw: { rows } } }, keyed, {
        queries,
        near: data.near,
        join: null,
        random: createRandom('keys'),
      });
    for (const rows of [30, 1500]) {
      const { matches, ofQuery } = await lists(rows);
      expect(new Set(matches)).toEqual(new Set([rows]));
      expect(new Set(ofQuery).size).toBe(200);
    }
    expect((await lists(0)).matches).toEqual([0]);
    expect((await lists(2001)).shortfalls).toMatchObject([{ code: 'no-value-of-so-many-rows' }]);
    expect(await refusal({ column: 'tenant', op: 'in', value: { draw: { rows: 3 } } })).toContain('cannot be drawn');
  });

  it('refuses a path that leads to nothing, and names what is there', async () => {
    const at = (column: string) => prepare({ column, op: '=', value: 's1' });
    await expect(at("meta->>'sorce'")).rejects.toThrow(`No row has a value at meta->>'sorce'.`);
    await expect(at("meta->>'sorce'")).rejects.toMatchObject({ hint: 'There are "source", "page".' });
    await expect(at("meta->'source'->>'name'")).rejects.toMatchObject({ hint: 'No row has members there.' });
    await expect(prepare({ column: "meta->>'source'", op: '<', value: 's1' })).rejects.toThrow('cannot be asked of');
  });

  it('compares a member as the number that it is cast to, and refuses what cannot be cast', async () => {
    const asked = (column: string) => prepare({ column, op: '<', value: 10 });
    const { matches } = await asked("(meta->>'page')::int");
    const pages = data.attributes.map(({ meta }) => (meta as { page: number } | null)?.page ?? 50);
    expect(matches).toEqual([pages.filter((page) => page < 10).length]);
    await expect(asked("(meta->>'source')::int")).rejects.toThrow(
      /"s\d" at \(meta->>'source'\)::int, which is no integer/,
    );
    await expect(asked("(meta->>'page')::date")).rejects.toMatchObject({ hint: expect.stringContaining('DateStyle') });
  });
});
