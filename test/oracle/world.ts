import fc from 'fast-check';
import type { DatasetSource } from '../../src/datasets/index.js';
import type { OracleMetric } from './arithmetic.js';

/*
 * A small world: a table with vectors, attributes, a foreign key and texts, and queries to it. Vectors are of small integers,
 * so that rows repeat and tie, and every sum is exact.
 */

export interface WorldRow {
  readonly vector: readonly number[];
  readonly tenant: number | null;
  /** Key into the joined table; null: there is none. */
  readonly document: number | null;
  readonly text: string;
}

export interface WorldQuery {
  readonly vector: readonly number[];
  readonly text: string;
  /** Relevant rows, as somebody judged them. */
  readonly grades: ReadonlyMap<number, number>;
}

export interface World {
  readonly metric: OracleMetric;
  readonly rows: readonly WorldRow[];
  readonly queries: readonly WorldQuery[];
  readonly k: number;
  readonly method: 'hnsw' | 'ivfflat';
  /** Of the index: `ef_search`, or `probes`; there is room for one more. */
  readonly knob: number;
  readonly fusion: {
    readonly weight: number;
    readonly constant: number;
    readonly depth: number;
    readonly match: 'all' | 'any' | 'rare';
  };
}

const WORDS = ['tree', 'graph', 'list', 'row', 'page', 'plan', 'sort', 'scan'];
export const LISTS = 4;
/** Column of the joined table, by its key. */
export const kindOf = (document: number): string => 'abc'[document % 3]!;

const vectorArbitrary = (dimensions: number) =>
  fc
    .array(fc.integer({ min: -3, max: 3 }), { minLength: dimensions, maxLength: dimensions })
    // A vector of zeros has no direction.
    .map((values) => (values.every((value) => value === 0) ? [1, ...values.slice(1)] : values));

const textArbitrary = (most: number) =>
  fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: most }).map((words) => words.join(' '));

export const worldArbitrary: fc.Arbitrary<World> = fc.integer({ min: 2, max: 5 }).chain((dimensions) => {
  const row = fc.record({
    vector: vectorArbitrary(dimensions),
    tenant: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 8 }),
    document: fc.option(fc.integer({ min: 0, max: 5 }), { freq: 8 }),
    text: textArbitrary(5),
  });
  const query = fc.record({
    vector: vectorArbitrary(dimensions),
    text: textArbitrary(2),
    grades: fc
      .array(fc.tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 0, max: 2 })), { maxLength: 4 })
      .map((grades) => new Map(grades)),
  });
  return fc
    .record({
      metric: fc.constantFrom<OracleMetric>('l2', 'ip', 'cosine', 'l1'),
      rows: fc.array(row, { minLength: 12, maxLength: 70 }),
      queries: fc.array(query, { minLength: 4, maxLength: 8 }),
      k: fc.integer({ min: 1, max: 9 }),
      method: fc.constantFrom('hnsw' as const, 'ivfflat' as const),
      knob: fc.integer({ min: 1, max: 12 }),
      fusion: fc.record({
        weight: fc.constantFrom(0.25, 0.5, 0.75),
        constant: fc.constantFrom(1, 60),
        depth: fc.integer({ min: 3, max: 20 }),
        match: fc.constantFrom('all' as const, 'any' as const, 'rare' as const),
      }),
    })
    .map(({ rows: [first, ...others], queries: [asked, ...more], metric, method, knob, ...world }) => ({
      ...world,
      // Every filter leaves a row, and every search finds a text.
      rows: [{ ...first!, tenant: 1, document: 0 }, ...others],
      queries: [{ ...asked!, text: first!.text.split(' ')[0]! }, ...more],
      metric,
      // IVFFlat knows no taxicab distance.
      method: metric === 'l1' ? 'hnsw' : method,
      knob: method === 'ivfflat' && metric !== 'l1' ? Math.min(knob, LISTS - 1) : knob,
    }));
});

/** As if it came from a file. */
export function sourceOf({ rows, queries }: World): DatasetSource {
  const batch = (of: readonly { readonly vector: readonly number[]; readonly text: string }[]) => ({
    rows: of.length,
    vectors: Float32Array.from(of.flatMap(({ vector }) => [...vector])),
    ids: null,
    texts: of.map(({ text }) => text),
  });
  return {
    name: 'world',
    dimensions: rows[0]!.vector.length,
    metric: null,
    synthetic: true,
    textColumn: 'content',
    provenance: null,
    expectedRows: rows.length,
    async *base() {
      const attributes = rows.map(({ tenant, document }) => ({
        ...(tenant === null ? {} : { tenant }),
        ...(document === null ? {} : { document, kind: kindOf(document) }),
      }));
      yield { ...batch(rows), attributes };
    },
    async *queries() {
      yield { ...batch(queries), attributes: null };
    },
    declaredNeighbours: async () => null,
    close: () => undefined,
  };
}
