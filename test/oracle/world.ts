import fc from 'fast-check';
import type { DatasetSource } from '../../src/datasets/index.js';
import type { Filter, Join } from '../../src/filter.js';
import type { SearchSettings } from '../../src/vocabulary.js';
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

/** A filter, as the program takes it, in SQL, and for a row in plain words. */
export interface WorldFilter {
  readonly filter: Filter;
  readonly where: string;
  readonly holds: (row: WorldRow) => boolean;
}

/** Of the joined table. */
export const JOIN: Join = { table: 'documents', key: 'document', columns: ['kind'] };

export interface World {
  readonly metric: OracleMetric;
  readonly rows: readonly WorldRow[];
  readonly queries: readonly WorldQuery[];
  readonly k: number;
  readonly method: 'hnsw' | 'ivfflat';
  /** Of the index: `ef_search`, or `probes`; there is room for one more. */
  readonly knob: number;
  /** By the row's own column, and by one of the table that it points to. */
  readonly filters: { readonly tenant: WorldFilter; readonly joined: WorldFilter };
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

/** Filters that hold for the first row, and are not known to hold for one without a value. */
const tenantFilters: fc.Arbitrary<WorldFilter> = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.constantFrom('=', '<=', 'in', 'between', '<>', 'not', 'or'))
  .map(([value, form]): WorldFilter => {
    const tenant = (op: '=' | '<=' | '<>', than: number): Filter => ({ column: 'tenant', op, value: than });
    const known = (holds: (own: number) => boolean) => (row: WorldRow) => row.tenant !== null && holds(row.tenant);
    switch (form) {
      case '<=':
        return { filter: tenant('<=', value), where: `i.tenant <= ${value}`, holds: known((own) => own <= value) };
      case 'in':
        return {
          filter: { column: 'tenant', op: 'in', value: [1, value] },
          where: `i.tenant IN (1, ${value})`,
          holds: known((own) => own === 1 || own === value),
        };
      case 'between':
        return {
          filter: { column: 'tenant', op: 'between', value: [0, value] },
          where: `i.tenant BETWEEN 0 AND ${value}`,
          holds: known((own) => own >= 0 && own <= value),
        };
      case '<>':
        return { filter: tenant('<>', value), where: `i.tenant <> ${value}`, holds: known((own) => own !== value) };
      case 'not':
        return {
          filter: { not: tenant('=', value) },
          where: `NOT i.tenant = ${value}`,
          holds: known((own) => own !== value),
        };
      case 'or':
        return {
          filter: { or: [tenant('=', value), { column: 'document', op: '=', value: 0 }] },
          where: `(i.tenant = ${value} OR i.document = 0)`,
          holds: (row) => row.tenant === value || row.document === 0,
        };
      case '=':
        return { filter: tenant('=', 1), where: 'i.tenant = 1', holds: known((own) => own === 1) };
    }
  });

const joinedFilters: fc.Arbitrary<WorldFilter> = fc.constantFrom('=', '<>', 'and').map((form): WorldFilter => {
  const kind = (op: '=' | '<>', value: string): Filter => ({ column: 'kind', op, value });
  const known = (holds: (own: string, row: WorldRow) => boolean) => (row: WorldRow) =>
    row.document !== null && holds(kindOf(row.document), row);
  switch (form) {
    case '<>':
      return { filter: kind('<>', 'b'), where: "d.kind <> 'b'", holds: known((own) => own !== 'b') };
    case 'and':
      return {
        filter: { and: [kind('=', 'a'), { column: 'tenant', op: '=', value: 1 }] },
        where: "d.kind = 'a' AND i.tenant = 1",
        holds: known((own, { tenant }) => own === 'a' && tenant === 1),
      };
    case '=':
      return { filter: kind('=', 'a'), where: "d.kind = 'a'", holds: known((own) => own === 'a') };
  }
});

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
      rows: fc.array(row, { minLength: 12, maxLength: 45 }),
      queries: fc.array(query, { minLength: 2, maxLength: 5 }),
      k: fc.integer({ min: 1, max: 9 }),
      method: fc.constantFrom('hnsw' as const, 'ivfflat' as const),
      knob: fc.integer({ min: 1, max: 12 }),
      filters: fc.record({ tenant: tenantFilters, joined: joinedFilters }),
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

export const TEXT = { method: 'tsvector', language: 'simple' } as const;

/** Of the strategies, those that only order the rows of one leg. */
const ONE_LEG = ['vector-only', 'text-only', 'match-then-sort'];

/** Settings of a fusion, without those of an index. */
export function settingsOf({ fusion }: Pick<World, 'fusion'>, strategy: string): SearchSettings {
  const { weight, constant, depth, match } = fusion;
  const isFused = !ONE_LEG.includes(strategy);
  return {
    ...(strategy === 'vector-only' ? {} : { text_match: match }),
    ...(isFused ? { vector_weight: weight } : {}),
    ...(isFused && strategy !== 'mixed-order' ? { vector_depth: depth, text_depth: depth } : {}),
    ...(strategy === 'rrf' ? { rrf_k: constant } : {}),
  };
}

/** Of a row, those that it has. */
export const attributesOf = ({ tenant, document }: WorldRow) => ({
  ...(tenant === null ? {} : { tenant }),
  ...(document === null ? {} : { document, kind: kindOf(document) }),
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
      yield { ...batch(rows), attributes: rows.map(attributesOf) };
    },
    async *queries() {
      yield { ...batch(queries), attributes: null };
    },
    declaredNeighbours: async () => null,
    close: () => undefined,
  };
}
