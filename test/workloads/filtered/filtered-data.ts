import { createRandom } from '../../../src/random.js';
import type { Filter } from '../../../src/filter.js';
import type { Matrix } from '../../../src/vocabulary.js';
import type { Attributes, Column, FilteredData, Neighbours } from '../../../src/workloads/index.js';

/** A table of vectors with attributes, in memory, and queries to it. */
export interface TestData extends FilteredData {
  readonly base: Matrix;
  readonly queries: Matrix;
  readonly attributes: readonly Attributes[];
  readonly near: Neighbours;
}

export const COLUMNS: readonly Column[] = [
  { name: 'tenant', type: 'text' },
  { name: 'topic', type: 'text' },
  { name: 'size', type: 'number' },
  { name: 'public', type: 'boolean' },
  { name: 'created', type: 'date' },
  { name: 'tags', type: 'text[]' },
  { name: 'meta', type: 'json' },
  { name: 'document', type: 'number' },
  { name: 'owner', type: 'text' },
  { name: 'region', type: 'text' },
];

/** Share of the rows of each tenant; what remains has none. */
const TENANTS = { large: 0.5, middle: 0.25, tenth: 0.1, small: 0.04, tiny: 0.01 };
const TOPICS = 10;
const DAY_MS = 86_400_000;

/**
 * Vectors around the centres of ten topics. `topic` is decided by the vector, `owner` by the document and `region` by the owner, everything else
 * by chance.
 */
export function filteredData(options: { rows?: number; dimensions?: number; queries?: number } = {}): TestData {
  const { rows: rowCount = 2000, dimensions = 24, queries: queryCount = 40 } = options;
  const random = createRandom('filtered data');
  const centres = Float32Array.from({ length: TOPICS * dimensions }, () => random.normal());

  const point = (topic: number): Float32Array =>
    Float32Array.from({ length: dimensions }, (_, i) => centres[topic * dimensions + i]! + 0.7 * random.normal());
  const attributesOf = (topic: number, document: number): Attributes => {
    let place = random.next();
    const tenant = Object.entries(TENANTS).find(([, share]) => (place -= share) < 0)?.[0] ?? null;
    return {
      tenant,
      topic: `topic ${topic}`,
      size: random.int(1000),
      public: random.next() < 0.3,
      created: new Date(Date.UTC(2024, 0, 1) + random.int(365) * DAY_MS).toISOString().slice(0, 10),
      tags: ['a', 'b', 'c', 'd', 'e'].filter(() => random.next() < 0.1),
      meta: random.next() < 0.2 ? null : { source: `s${random.int(8)}`, page: random.int(50) },
      document,
      owner: `owner ${document % 12}`,
      region: `region ${(document % 12) % 4}`,
    };
  };
  const make = (count: number) => {
    const values = new Float32Array(count * dimensions);
    const attributes = Array.from({ length: count }, (_, row) => {
      const topic = random.int(TOPICS);
      values.set(point(topic), row * dimensions);
      return attributesOf(topic, Math.floor(row / 5));
    });
    return { matrix: { rows: count, dimensions, values }, attributes };
  };
  const base = make(rowCount);
  const asked = make(queryCount);
  const data = { base: base.matrix, queries: asked.matrix };
  return {
    ...data,
    columns: COLUMNS,
    rowCount,
    attributes: base.attributes,
    near: nearest(data, 100),
    rows: () => stream(base.attributes),
    queryRows: () => stream(asked.attributes),
  };
}

async function* stream(all: readonly Attributes[]): AsyncGenerator<{ readonly attributes: Attributes }> {
  for (const attributes of all) yield { attributes };
}

/** Rows in ascending Euclidean distance, by sorting all of them. */
export function rowsByDistance(
  { base, queries }: Pick<TestData, 'base' | 'queries'>,
  query: number,
): readonly number[] {
  const { dimensions } = base;
  const distances = Float64Array.from({ length: base.rows }, (_, row) => {
    let sum = 0;
    for (let i = 0; i < dimensions; i++) {
      sum += (base.values[row * dimensions + i]! - queries.values[query * dimensions + i]!) ** 2;
    }
    return sum;
  });
  return [...distances.keys()].sort((a, b) => distances[a]! - distances[b]!);
}

function nearest(data: Pick<TestData, 'base' | 'queries'>, k: number): Neighbours {
  const rows = Array.from({ length: data.queries.rows }, (_, query) => rowsByDistance(data, query).slice(0, k));
  return { k, rows: Int32Array.from(rows.flat()) };
}

/** A condition with a value drawn by selectivity. */
export const drawn = (column: string, op: string, selectivity: number, correlation = 0): Filter =>
  ({ column, op, value: { draw: { selectivity, correlation } } }) as Filter;
