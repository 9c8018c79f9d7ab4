import { comparesBits, type Metric, type Representation, type Stored } from '../vocabulary.js';
import type { ColumnType } from './page-layout.js';

/** What pgvtune knows about a way to keep vectors in an index; another one is one more entry in {@link REPRESENTATIONS}. */
interface RepresentationKind {
  /** Type of the value that is kept, and of its operator classes. */
  readonly type: (metric: Metric) => ColumnType;
  /** The metric that the index orders by. */
  readonly metric: (metric: Metric) => Metric;
  /** The value made from an expression of the column's type, of which `dimensions` are kept. */
  readonly expression: (vector: string, dimensions: number) => string;
  /** Operators and functions that the planner counts for each row, the distance included. */
  readonly operators: number;
  /** True where the index orders by too little to be believed: its rows are candidates, to be sorted by the column. */
  readonly reranked: boolean;
}

const same = (metric: Metric): Metric => metric;

/** The type of a column whose vectors are compared by this metric. */
export const columnType = (metric: Metric): 'vector' | 'bit' => (comparesBits(metric) ? 'bit' : 'vector');

/** The same with its dimensions, in SQL. */
export const columnTypeSql = (metric: Metric, dimensions: number): string => `${columnType(metric)}(${dimensions})`;

const REPRESENTATIONS: Readonly<Record<Representation, RepresentationKind>> = {
  vector: { type: columnType, metric: same, expression: (vector) => vector, operators: 1, reranked: false },
  halfvec: {
    type: () => 'halfvec',
    metric: same,
    expression: (vector, dimensions) => `(${vector}::halfvec(${dimensions}))`,
    operators: 2,
    reranked: false,
  },
  // Only the signs are left, so they are ordered by Hamming distance whatever the column's metric is.
  bit: {
    type: () => 'bit',
    metric: () => 'hamming',
    expression: (vector, dimensions) => `(binary_quantize(${vector})::bit(${dimensions}))`,
    operators: 3,
    reranked: true,
  },
  // Under cosine, pgvector normalises what is left; rows whose first dimensions are all zero are not in such an index.
  subvector: {
    type: () => 'vector',
    metric: same,
    expression: (vector, dimensions) => `(subvector(${vector}, 1, ${dimensions})::vector(${dimensions}))`,
    operators: 3,
    reranked: true,
  },
};

export const representationKind = (representation: Representation): RepresentationKind =>
  REPRESENTATIONS[representation];

/** Dimensions of the stored value. */
export const storedDimensions = (stored: Stored, dimensions: number): number => stored.dimensions ?? dimensions;

/** What the index keeps of a vector of so many dimensions. */
export const storedValue = (
  stored: Stored,
  { dimensions, metric }: { readonly dimensions: number; readonly metric: Metric },
): { readonly representation: ColumnType; readonly dimensions: number } => ({
  representation: REPRESENTATIONS[stored.representation].type(metric),
  dimensions: storedDimensions(stored, dimensions),
});

/** True where the rows that the index gives are candidates, which the workload sorts by the column's own distance. */
export const isReranked = ({ representation }: Stored): boolean => REPRESENTATIONS[representation].reranked;

/** Fewer dimensions than this are not worth cutting: what a row takes beside its vector is more than is saved. */
const LEAST_SUBVECTOR = 64;
/** Half of the dimensions would take as much as all of them in half precision, which loses less. */
const SUBVECTOR_SHARE = 1 / 4;

/** The ways to store vectors of so many dimensions that are worth a look, the column's own first. Bits cannot be stored in less. */
export function usualRepresentations(dimensions: number, metric: Metric): readonly Stored[] {
  if (comparesBits(metric)) return [{ representation: 'vector' }];
  const cut = Math.min(MOST_INDEXED_DIMENSIONS, Math.floor(dimensions * SUBVECTOR_SHARE));
  return [
    { representation: 'vector' },
    { representation: 'halfvec' },
    { representation: 'bit' },
    ...(cut >= LEAST_SUBVECTOR ? [{ representation: 'subvector' as const, dimensions: cut }] : []),
  ];
}

/** Of a column of bits: 32 times as many. Source: as of {@link MOST_INDEXED_DIMENSIONS}, `hnsw_bit_support`, `ivfflat_bit_support`. */
export const MOST_INDEXED_BITS = 64_000;

/** Of a `vector`. Source: pgvector `hnsw.h` HNSW_MAX_DIM, `ivfflat.h` IVFFLAT_MAX_DIM. */
export const MOST_INDEXED_DIMENSIONS = 2000;
