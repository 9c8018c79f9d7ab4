import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { generateSchema } from '../../src/config/index.js';
import { generateSource } from '../../src/datasets/index.js';
import { createClusters } from '../../src/datasets/generate/clusters.js';
import { createLineage } from '../../src/datasets/generate/lineage.js';
import { createRowRandom, STREAM } from '../../src/datasets/generate/row-random.js';
import { createVectorWriter } from '../../src/datasets/generate/vectors.js';
import type { SourceBatch } from '../../src/datasets/index.js';

type Input = z.input<typeof generateSchema>;

async function collect(batches: AsyncIterable<SourceBatch>): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for await (const batch of batches) parts.push(batch.vectors.slice());
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

const baseOf = (input: Input): Promise<Float32Array> => collect(generateSource(generateSchema.parse(input)).base());

const queriesOf = (input: Input): Promise<Float32Array> =>
  collect(generateSource(generateSchema.parse(input)).queries()!);

function piecesOf(input: Input) {
  const spec = generateSchema.parse(input);
  const random = createRowRandom(spec.seed);
  const clusters = createClusters(spec, random);
  const lineage = createLineage(spec, clusters, random);
  return { spec, clusters, lineage, vectors: createVectorWriter(spec, clusters, lineage, random) };
}

const rowOf = (values: Float32Array, dimensions: number, row: number): Float32Array =>
  values.subarray(row * dimensions, (row + 1) * dimensions);

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Largest inner product of each of some vectors with a base. */
function nearest(values: Float32Array, base: Float32Array, dimensions: number): number[] {
  return Array.from({ length: values.length / dimensions }, (_, i) => {
    const value = rowOf(values, dimensions, i);
    let best = -Infinity;
    for (let row = 0; row < base.length / dimensions; row++)
      best = Math.max(best, dot(value, rowOf(base, dimensions, row)));
    return best;
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Largest inner product of a row with the others. */
function nearestOther(row: number, base: Float32Array, dimensions: number): number {
  const before = base.subarray(0, row * dimensions);
  const after = base.subarray((row + 1) * dimensions);
  const value = rowOf(base, dimensions, row);
  return Math.max(...nearest(value, before, dimensions), ...nearest(value, after, dimensions));
}

/** Five standard deviations of a share that was counted n times: a right share fails once in two million. */
const tolerance = (share: number, n: number): number => 5 * Math.sqrt((share * (1 - share)) / n);

describe('the same settings give the same bytes', () => {
  it('gives the bytes of the first version', async () => {
    const bytes = (values: Float32Array): string => createHash('sha256').update(values).digest('hex').slice(0, 16);
    const input = {
      rows: 3000,
      dimensions: 24,
      queries: 50,
      seed: 7,
      duplicates: 0.1,
      near_duplicates: 0.1,
      outliers: 0.1,
    };
    expect(bytes(await baseOf(input))).toBe('1f3206755d36a461');
    expect(bytes(await queriesOf({ ...input, out_of_distribution: 0.5, normalised: false }))).toBe('e13cd9302c01f484');
  });

  it('does not depend on the order of the rows, nor on what else was generated', async () => {
    const input = { rows: 2500, dimensions: 8, duplicates: 0.2, near_duplicates: 0.2 };
    const streamed = await baseOf(input);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(2499), { minLength: 1, maxLength: 50 }), async (rows) => {
        const { vectors } = piecesOf(input);
        const value = new Float32Array(8);
        for (const row of rows) {
          vectors.writeRow(row, value, 0);
          expect(value).toEqual(rowOf(streamed, 8, row));
          vectors.writeQuery(row % 1000, value, 0);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('begins a larger dataset with the rows of a smaller one', async () => {
    const small = await baseOf({ rows: 1500, dimensions: 8 });
    const large = await baseOf({ rows: 4000, dimensions: 8 });
    expect(large.subarray(0, small.length)).toEqual(small);
  });

  it('gives other vectors for another seed', async () => {
    const one = await baseOf({ rows: 100, dimensions: 8, seed: 1 });
    const two = await baseOf({ rows: 100, dimensions: 8, seed: 2 });
    expect(nearest(two, one, 8).filter((cosine) => cosine > 0.999999)).toEqual([]);
  });
});

describe('the numbers of a row', () => {
  it('are nearly standard normal and bounded', () => {
    const random = createRowRandom(1);
    const values = Array.from({ length: 50_000 }, (_, row) => {
      random.seek(STREAM.row, row);
      return random.normal();
    });
    expect(mean(values)).toBeCloseTo(0, 1);
    expect(mean(values.map((value) => value ** 2))).toBeCloseTo(1, 1);
    expect(mean(values.map((value) => value ** 4))).toBeCloseTo(2.7, 1);
    expect(values.filter((value) => Math.abs(value) < 1).length / values.length).toBeCloseTo(0.67, 1);
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(2 * Math.sqrt(3));
  });

  it('differ between neighbouring rows and streams', () => {
    const random = createRowRandom(1);
    const first = (stream: (typeof STREAM)[keyof typeof STREAM], row: number): number => {
      random.seek(stream, row);
      return random.uniform();
    };
    const values = Array.from({ length: 1000 }, (_, row) => [first(STREAM.row, row), first(STREAM.query, row)]);
    expect(new Set(values.flat()).size).toBe(2000);
    const covariance = (a: readonly number[], b: readonly number[]): number =>
      mean(a.map((value, i) => (value - 0.5) * (b[i]! - 0.5))) * 12;
    const rows = values.map(([row]) => row!);
    expect(Math.abs(covariance(rows.slice(1), rows.slice(0, -1)))).toBeLessThan(0.15);
    expect(
      Math.abs(
        covariance(
          rows,
          values.map(([, query]) => query!),
        ),
      ),
    ).toBeLessThan(0.15);
  });
});

describe('vectors', () => {
  it('have length 1 when normalised, whatever the knobs', async () => {
    const knobs = fc.record({
      rows: fc.integer({ min: 1, max: 60 }),
      dimensions: fc.integer({ min: 2, max: 40 }),
      queries: fc.integer({ min: 1, max: 10 }),
      seed: fc.integer(),
      intrinsic_dimension: fc.integer({ min: 1, max: 40 }),
      clusters: fc.integer({ min: 1, max: 50 }),
      cluster_skew: fc.double({ min: 0, max: 4, noNaN: true }),
      spread: fc.double({ min: 0, max: 10, noNaN: true }),
      rows_per_document: fc.double({ min: 1, max: 100, noNaN: true }),
      document_spread: fc.double({ min: 0, max: 10, noNaN: true }),
      noise: fc.double({ min: 0, max: 10, noNaN: true }),
      duplicates: fc.double({ min: 0, max: 0.3, noNaN: true }),
      near_duplicates: fc.double({ min: 0, max: 0.3, noNaN: true }),
      outliers: fc.double({ min: 0, max: 0.3, noNaN: true }),
      out_of_distribution: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(knobs, async (input) => {
        for (const values of [await baseOf(input), await queriesOf(input)]) {
          const rows = values.length / input.dimensions;
          const squares = Array.from({ length: rows }, (_, row) => {
            const value = rowOf(values, input.dimensions, row);
            return dot(value, value);
          });
          expect(squares.filter((square) => !(Math.abs(square - 1) < 1e-5))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('have lengths that vary by a quarter when not normalised', async () => {
    const input = { rows: 4000, dimensions: 16, normalised: false };
    const values = await baseOf(input);
    const lengths = Array.from({ length: 4000 }, (_, row) => {
      const value = rowOf(values, 16, row);
      return Math.sqrt(dot(value, value));
    });
    expect(mean(lengths)).toBeCloseTo(1, 1);
    expect(Math.sqrt(mean(lengths.map((length) => (length - 1) ** 2)))).toBeCloseTo(0.25, 1);
    expect(Math.min(...lengths)).toBeGreaterThan(0.1);
    expect(generateSource(generateSchema.parse(input)).metric).toBe('l2');
    expect(generateSource(generateSchema.parse({})).metric).toBe('cosine');
  });

  it('repeat earlier rows as often as asked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 80 }), fc.nat(1000), async (percent, seed) => {
        const duplicates = percent / 100;
        const rows = 5000;
        const values = await baseOf({ rows, dimensions: 6, seed, duplicates, near_duplicates: 0, outliers: 0.1 });
        const distinct = new Set(Array.from({ length: rows }, (_, row) => rowOf(values, 6, row).join()));
        expect(Math.abs(1 - distinct.size / rows - duplicates)).toBeLessThanOrEqual(tolerance(duplicates, rows));
      }),
      { numRuns: 10 },
    );
  });

  it('nearly repeat earlier rows as often as asked', async () => {
    // Documents of one row, far apart: only copies are near each other.
    const apart = { rows: 1200, dimensions: 64, rows_per_document: 1, spread: 5, duplicates: 0 } as const;
    const values = await baseOf({ ...apart, near_duplicates: 0.3, outliers: 0 });
    let near = 0;
    for (let row = 1; row < apart.rows; row++) {
      const [cosine] = nearest(rowOf(values, 64, row), values.subarray(0, row * 64), 64);
      if (cosine! > 0.94) near++;
    }
    expect(Math.abs(near / apart.rows - 0.3)).toBeLessThan(tolerance(0.3, apart.rows));
  });

  it('contain outliers that are far from every other row', async () => {
    const clean = { rows: 800, dimensions: 128, duplicates: 0, near_duplicates: 0 } as const;
    const { lineage } = piecesOf({ ...clean, outliers: 0.2 });
    const values = await baseOf({ ...clean, outliers: 0.2 });
    const rows = Array.from({ length: clean.rows }, (_, row) => row);
    const outliers = rows.filter((row) => lineage.kindOf(row) === 'outlier');
    expect(Math.abs(outliers.length / clean.rows - 0.2)).toBeLessThan(tolerance(0.2, clean.rows));
    const ordinary = rows.filter((row) => lineage.kindOf(row) === 'ordinary');
    const cosines = (some: readonly number[]): number[] =>
      some.filter((_, i) => i % 3 === 0).map((row) => nearestOther(row, values, 128));
    expect(Math.max(...cosines(outliers))).toBeLessThan(0.5);
    expect(mean(cosines(ordinary))).toBeGreaterThan(0.6);
  });

  it('lie on a manifold of about the intrinsic dimension', async () => {
    const one = {
      rows: 2500,
      dimensions: 64,
      clusters: 1,
      rows_per_document: 1,
      spread: 0.3,
      document_spread: 0,
    } as const;
    const clean = { duplicates: 0, near_duplicates: 0, outliers: 0, noise: 0 } as const;
    for (const intrinsic_dimension of [2, 5, 10]) {
      const values = await baseOf({ ...one, ...clean, intrinsic_dimension });
      const estimate = twoNearest(values, 64, 400);
      expect(estimate).toBeGreaterThan(0.75 * intrinsic_dimension);
      expect(estimate).toBeLessThan(1.25 * intrinsic_dimension);
    }
    const noisy = await baseOf({ ...one, ...clean, noise: 0.5, intrinsic_dimension: 2 });
    expect(twoNearest(noisy, 64, 400)).toBeGreaterThan(10);
  });
});

/** Maximum-likelihood TwoNN (Facco et al., 2017) of vectors of length 1: the number of points over the sum of log ratios. */
function twoNearest(values: Float32Array, dimensions: number, sample: number): number {
  let logs = 0;
  for (let row = 0; row < sample; row++) {
    const own = rowOf(values, dimensions, row);
    let [first, second] = [Infinity, Infinity];
    for (let other = 0; other < values.length / dimensions; other++) {
      if (other === row) continue;
      const distance = Math.sqrt(2 - 2 * dot(own, rowOf(values, dimensions, other)));
      if (distance < first) [first, second] = [distance, first];
      else if (distance < second) second = distance;
    }
    logs += Math.log(second / first);
  }
  return sample / logs;
}

describe('clusters and documents', () => {
  it('have Zipf sizes', () => {
    for (const skew of [0, 0.8, 1.5]) {
      const { clusters, lineage } = piecesOf({ rows: 20_000, clusters: 20, cluster_skew: skew, rows_per_document: 1 });
      const counts = new Float64Array(20);
      for (let row = 0; row < 20_000; row++) counts[lineage.documentOfRow(row).cluster]! += 1;
      for (const [cluster, share] of clusters.shares.entries()) {
        expect(share / clusters.shares[0]!).toBeCloseTo((cluster + 1) ** -skew, 12);
        // Copies take their cluster along, which makes counts a little more uneven than independent ones.
        expect(Math.abs(counts[cluster]! / 20_000 - share)).toBeLessThan(1.5 * tolerance(share, 20_000));
      }
    }
  });

  it('have the mean length asked for, in consecutive rows', () => {
    const { lineage } = piecesOf({ rows: 20_000, rows_per_document: 10, duplicates: 0, near_duplicates: 0 });
    let documents = 0;
    let misplaced = 0;
    let before = -1;
    for (let row = 0; row < 20_000; row++) {
      const { number } = lineage.documentOfRow(row);
      if (number === before) continue;
      documents++;
      if (number !== row) misplaced++;
      before = number;
    }
    expect(misplaced).toBe(0);
    expect(Math.abs(documents / 20_000 - 0.1)).toBeLessThan(tolerance(0.1, 20_000));
  });

  it('bring rows of one document near each other', async () => {
    const { lineage, spec } = piecesOf({ rows: 300, dimensions: 32, duplicates: 0, near_duplicates: 0, outliers: 0 });
    const values = await baseOf(spec);
    const within: number[] = [];
    const between: number[] = [];
    for (let row = 1; row < 300; row++) {
      for (let other = 0; other < row; other++) {
        const same = lineage.documentOfRow(row).number === lineage.documentOfRow(other).number;
        (same ? within : between).push(dot(rowOf(values, 32, row), rowOf(values, 32, other)));
      }
    }
    expect(mean(within)).toBeGreaterThan(mean(between) + 0.3);
  });
});

describe('queries', () => {
  it('are no rows of the base, but come from the same distribution', async () => {
    const input = { rows: 2000, dimensions: 32, queries: 400, duplicates: 0, near_duplicates: 0, outliers: 0 };
    const base = await baseOf(input);
    const queries = nearest(await queriesOf(input), base, 32);
    expect(Math.max(...queries)).toBeLessThan(1 - 1e-6);
    const rows = Array.from({ length: 400 }, (_, i) => nearestOther(i * 5, base, 32));
    expect(Math.abs(mean(queries) - mean(rows))).toBeLessThan(0.05);
  });

  it('lie far from every row when they are out of distribution', async () => {
    const input = { rows: 2000, dimensions: 64, queries: 100 };
    const base = await baseOf(input);
    const inside = nearest(await queriesOf(input), base, 64);
    const outside = nearest(await queriesOf({ ...input, out_of_distribution: 1 }), base, 64);
    expect(mean(outside)).toBeLessThan(mean(inside) - 0.1);
    const { lineage } = piecesOf({ ...input, out_of_distribution: 0.3, queries: 2000 });
    const others = Array.from({ length: 2000 }, (_, query) => lineage.otherDocumentOfQuery(query));
    const share = others.filter((other) => other !== null).length / 2000;
    expect(Math.abs(share - 0.3)).toBeLessThan(tolerance(0.3, 2000));
  });
});

describe('the schema', () => {
  const messageOf = (input: object): string => {
    const result = generateSchema.safeParse(input);
    return result.success ? 'accepted' : z.prettifyError(result.error);
  };

  it('has a default for everything', () => {
    expect(generateSchema.parse({})).toMatchObject({ rows: 8000, dimensions: 64, normalised: true, attributes: {} });
  });

  it.each([
    [{ rows: 0 }, /rows/],
    [{ rows: 1.5 }, /rows/],
    [{ dimensions: 16_001 }, /dimensions/],
    [{ noise: Number.NaN }, /noise/],
    [{ duplicates: 1.1 }, /duplicates/],
    [
      { duplicates: 0.5, near_duplicates: 0.4, outliers: 0.2 },
      /duplicates \+ near_duplicates \+ outliers to be at most 1/,
    ],
    [{ cluster: 5 }, /cluster/],
    [{ attributes: { 'a b': { kind: 'boolean' } } }, /letters, digits and underscores/],
    [{ attributes: { a: { kind: 'enum' } } }, /attributes\.a\.kind/],
    [{ attributes: { a: { kind: 'category', selectivity: 0.3 } } }, /one over a whole number/],
    [{ attributes: { a: { kind: 'category', correlation: -1.5 } } }, /correlation/],
    [{ attributes: { a: { kind: 'number', min: 2, max: 1 } } }, /min to be below max/],
    [{ attributes: { a: { kind: 'timestamp', until: 'today' } } }, /until/],
    [{ text: { locale: '../de' } }, /locale of Faker/],
  ])('refuses %j and says why', (input, message) => {
    expect(messageOf(input)).toMatch(message);
  });

  it('says what every knob means', () => {
    for (const [name, knob] of Object.entries(generateSchema.shape)) expect(knob.description, name).toBeTruthy();
  });
});
