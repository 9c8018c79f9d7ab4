import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { generateSchema } from '../../src/config/index.js';
import { filterCorrelation, measureAttributes } from '../../src/datasets/generate/index.js';
import { type Dataset, generateSource, importDataset, type RowData } from '../../src/datasets/index.js';
import { exactTruth } from '../../src/exact/index.js';
import { temporaryFolder } from './support.js';

type Input = z.input<typeof generateSchema>;

const store = temporaryFolder();

const imported = (input: Input): Promise<Dataset> => importDataset(store, generateSource(generateSchema.parse(input)));

async function attributesOf(input: Input): Promise<RowData['attributes'][]> {
  const all: RowData['attributes'][] = [];
  for await (const batch of generateSource(generateSchema.parse(input)).base()) all.push(...(batch.attributes ?? []));
  return all;
}

const share = <T>(values: readonly T[], test: (value: T) => boolean): number =>
  values.filter(test).length / values.length;

describe('generated attributes', () => {
  it('keep their types through the store, and equal settings give an equal hash', async () => {
    const input: Input = {
      rows: 500,
      dimensions: 8,
      queries: 20,
      attributes: {
        category: { kind: 'category' },
        flag: { kind: 'boolean', share: 0.5 },
        price: { kind: 'number' },
        tags: { kind: 'tags' },
        meta: { kind: 'json' },
        tenant: { kind: 'tenant' },
        created_at: { kind: 'timestamp' },
        document: { kind: 'document' },
      },
    };
    const dataset = await imported(input);
    expect(dataset.manifest.columns).toEqual([
      { name: 'category', type: 'text' },
      { name: 'flag', type: 'boolean' },
      { name: 'price', type: 'number' },
      { name: 'tags', type: 'text[]' },
      { name: 'meta', type: 'json' },
      { name: 'tenant', type: 'text' },
      { name: 'created_at', type: 'date' },
      { name: 'document', type: 'number', sqlType: 'bigint' },
    ]);
    expect((await imported(input)).manifest.hash).toBe(dataset.manifest.hash);
    expect((await imported({ ...input, seed: 2 })).manifest.hash).not.toBe(dataset.manifest.hash);
    expect((await attributesOf(input))[0]).toEqual({
      category: 'category-7',
      created_at: '2024-08-12T16:05:54Z',
      document: 0,
      flag: true,
      meta: { page: 21, source: 'meta-3' },
      price: 0.04035344767384231,
      tags: ['tags-9'],
      tenant: 'tenant-1',
    });
  });

  it('have the selectivity asked for, and are no other for another column beside them', async () => {
    const category = { kind: 'category', selectivity: 0.1, correlation: 0.7 } as const;
    const both = await attributesOf({
      rows: 20_000,
      dimensions: 4,
      attributes: { flag: { kind: 'boolean' }, category },
    });
    const alone = await attributesOf({ rows: 20_000, dimensions: 4, attributes: { category } });
    expect(both.map((row) => row['category'])).toEqual(alone.map((row) => row['category']));
    expect(new Set(alone.map((row) => row['category'])).size).toBe(10);
    // Rows of a document go together: about a thousand independent draws.
    for (let value = 0; value < 10; value++) {
      expect(share(alone, (row) => row['category'] === `category-${value}`)).toBeCloseTo(0.1, 1);
    }
    expect(share(both, (row) => row['flag'] === true)).toBeCloseTo(0.1, 1);
  });

  it('have Zipf tenants and recent timestamps, the same for all rows of a document', async () => {
    const rows = await attributesOf({
      rows: 20_000,
      dimensions: 4,
      rows_per_document: 2,
      attributes: {
        tenant: { kind: 'tenant', values: 20, skew: 1 },
        created_at: { kind: 'timestamp', until: '2025-06-01', days: 1000, recency: 3 },
        document: { kind: 'document' },
      },
    });
    const harmonic = Array.from({ length: 20 }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b);
    for (const rank of [1, 2, 4]) {
      const found = share(rows, (row) => row['tenant'] === `tenant-${rank - 1}`);
      expect(found / (1 / rank / harmonic)).toBeGreaterThan(0.85);
      expect(found / (1 / rank / harmonic)).toBeLessThan(1.15);
    }
    const ages = rows.map((row) => (Date.parse('2025-06-01') - Date.parse(String(row['created_at']))) / 86_400_000);
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...ages)).toBeLessThanOrEqual(1000.001);
    expect(share(ages, (age) => age < 125)).toBeCloseTo(0.5, 1);

    const owners = new Map<unknown, string>();
    const broken = rows.filter((row) => {
      const owner = `${String(row['tenant'])} ${String(row['created_at'])}`;
      const known = owners.get(row['document']);
      owners.set(row['document'], owner);
      return known !== undefined && known !== owner;
    });
    expect(broken).toEqual([]);
    expect(owners.size).toBeGreaterThan(5000);
  });

  it('hold what the settings of their kind say', async () => {
    const rows = await attributesOf({
      rows: 5000,
      dimensions: 4,
      attributes: {
        price: { kind: 'number', min: 10, max: 20 },
        tags: { kind: 'tags', values: 30, per_row: 4 },
        meta: { kind: 'json', selectivity: 0.25 },
      },
    });
    const prices = rows.map((row) => Number(row['price']));
    expect(Math.min(...prices)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...prices)).toBeLessThan(20);
    expect(share(prices, (price) => price < 12.5)).toBeCloseTo(0.25, 1);
    const tags = rows.map((row) => row['tags'] as string[]);
    expect(new Set(tags.map((list) => list.length))).toEqual(new Set([1, 2, 3, 4]));
    expect(tags.filter((list) => new Set(list).size < list.length)).toEqual([]);
    const sources = rows.map((row) => (row['meta'] as { source: string }).source);
    expect(new Set(sources)).toEqual(new Set(['meta-0', 'meta-1', 'meta-2', 'meta-3']));
    expect(share(sources, (source) => source === 'meta-2')).toBeCloseTo(0.25, 1);
  });
});

describe('the correlation of attributes with the vectors', () => {
  it('is the one asked for, up to neighbours from other places', async () => {
    const asked = [-1, -0.5, 0, 0.5, 1];
    const selectivities = [0.5, 0.1, 0.01];
    const column = (selectivity: number, i: number): string => `c${String(selectivity).replace('.', '_')}_${i}`;
    const attributes = Object.fromEntries(
      selectivities.flatMap((selectivity) =>
        asked.map((correlation, i) => [
          column(selectivity, i),
          { kind: 'category' as const, selectivity, correlation },
        ]),
      ),
    );
    const dataset = await imported({ rows: 10_000, dimensions: 32, queries: 400, attributes });
    const truth = await exactTruth(dataset, { metric: 'cosine', k: 10 });
    const measured = new Map((await measureAttributes(dataset, truth)).map((measure) => [measure.column, measure]));

    for (const selectivity of selectivities) {
      const found = asked.map((_, i) => measured.get(column(selectivity, i))!);
      for (const measure of found) expect(measure.selectivity / selectivity).toBeCloseTo(1, 0);
      const correlations = found.map(({ correlation }) => correlation);
      // The share of neighbours that lie at the query's own place limits what can be reached.
      const reached = correlations.at(-1)!;
      expect(reached).toBeGreaterThan(0.4);
      expect(Math.abs(correlations[3]! - reached / 2)).toBeLessThan(0.1);
      expect(Math.abs(found[2]!.nearShare - found[2]!.selectivity)).toBeLessThan(0.03);
      expect(found[0]!.nearShare).toBeLessThan(0.5 * selectivity);
      // Of a rare value there are too few matches near by to say more.
      if (selectivity >= 0.1) expect(Math.abs(correlations[1]! - correlations[0]! / 2)).toBeLessThan(0.1);
    }
  });

  it('is exact where clusters are apart and hold one value each', async () => {
    const attributes = {
      with: { kind: 'category' as const, selectivity: 0.5, correlation: 1 },
      against: { kind: 'category' as const, selectivity: 0.5, correlation: -1 },
    };
    const apart = { clusters: 2, cluster_skew: 0, spread: 0, document_spread: 0.1, rows_per_document: 1 };
    const copies = { duplicates: 0, near_duplicates: 0, outliers: 0 };
    const dataset = await imported({ rows: 2000, dimensions: 32, queries: 100, ...apart, ...copies, attributes });
    const truth = await exactTruth(dataset, { metric: 'cosine', k: 100 });
    const [same, opposite] = await measureAttributes(dataset, truth);
    expect(same).toMatchObject({ column: 'with', correlation: 1, nearShare: 1, queries: 100 });
    expect(opposite).toMatchObject({ column: 'against', correlation: -1, nearShare: 0, queries: 100 });
  });
});

describe('filterCorrelation', () => {
  it('runs from -1 to 1 and is 0 where near rows match like all rows', () => {
    const inside = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(inside, fc.double({ min: 0, max: 1, noNaN: true }), (selectivity, nearShare) => {
        const correlation = filterCorrelation(selectivity, nearShare);
        expect(correlation).toBeGreaterThanOrEqual(-1);
        expect(correlation).toBeLessThanOrEqual(1);
        expect(Math.sign(correlation)).toBe(Math.sign(nearShare - selectivity));
        expect(filterCorrelation(selectivity, selectivity)).toBe(0);
        expect(filterCorrelation(selectivity, 1)).toBeCloseTo(1, 12);
        expect(filterCorrelation(selectivity, 0)).toBe(-1);
      }),
    );
  });
});

describe('measureAttributes', () => {
  const datasetOf = (
    columns: Dataset['manifest']['columns'],
    rows: readonly RowData['attributes'][],
    queries: readonly RowData['attributes'][],
  ): Pick<Dataset, 'manifest' | 'rows' | 'queryRows'> => {
    async function* yieldAll(all: readonly RowData['attributes'][]): AsyncGenerator<RowData> {
      for (const [id, attributes] of all.entries()) yield { id, attributes, text: null };
    }
    return {
      manifest: { rows: rows.length, columns } as Dataset['manifest'],
      rows: () => yieldAll(rows),
      queryRows: () => yieldAll(queries),
    };
  };

  it('counts matches by equality, containment and members', async () => {
    const dataset = datasetOf(
      [
        { name: 'colour', type: 'text' },
        { name: 'tags', type: 'text[]' },
        { name: 'meta', type: 'json' },
        { name: 'unasked', type: 'text' },
      ],
      [
        { colour: 'red', tags: ['a', 'b'], meta: { source: 'x', page: 1 }, unasked: 'u' },
        { colour: 'red', tags: ['b'], meta: { source: 'x', page: 2 }, unasked: 'u' },
        { colour: 'blue', tags: ['a'], meta: { source: 'y', page: 1 }, unasked: 'u' },
        { colour: null, tags: [], meta: null, unasked: 'u' },
      ],
      [{ colour: 'red', tags: ['b', 'a'], meta: { source: 'y', page: 7 }, unasked: null }],
    );
    const measures = await measureAttributes(dataset, { k: 2, rows: Int32Array.of(0, 2) });
    expect(measures).toEqual([
      { column: 'colour', selectivity: 0.5, nearShare: 0.5, correlation: 0, queries: 1 },
      { column: 'tags', selectivity: 0.5, nearShare: 0.5, correlation: 0, queries: 1 },
      { column: 'meta', selectivity: 0.25, nearShare: 0.5, correlation: 1 / 3, queries: 1 },
    ]);
  });

  it('compares numbers by equality where they recur, and by tenths where they do not', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({ year: 2000 + (i % 4), price: i + 0.5 }));
    const columns = [
      { name: 'year', type: 'number' as const },
      { name: 'price', type: 'number' as const },
    ];
    const dataset = datasetOf(columns, rows, [{ year: 2001, price: 33.3 }]);
    const neighbours = { k: 5, rows: Int32Array.of(30, 31, 32, 33, -1) };
    expect(await measureAttributes(dataset, neighbours)).toEqual([
      { column: 'year', selectivity: 0.25, nearShare: 0.25, correlation: 0, queries: 1 },
      { column: 'price', selectivity: 0.1, nearShare: 1, correlation: 1, queries: 1 },
    ]);
  });

  it('leaves out queries whose value no row has, or every row', async () => {
    const dataset = datasetOf(
      [{ name: 'colour', type: 'text' }],
      [{ colour: 'red' }, { colour: 'blue' }],
      [{ colour: 'green' }, { colour: 'red' }, {}],
    );
    const [measure] = await measureAttributes(dataset, { k: 1, rows: Int32Array.of(0, 0, 1) });
    expect(measure).toEqual({ column: 'colour', selectivity: 0.5, nearShare: 1, correlation: 1, queries: 1 });
  });
});
