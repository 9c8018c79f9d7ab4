import type { Matrix, Metric } from '../vocabulary.js';
import { comparesSigns, signsOf } from './distance.js';
import { allocateMemory, BLOCK_QUERIES, FLOAT_BYTES, strideOf } from './kernel/index.js';
import type { RowFilter } from './row-filter.js';
import { scratchBytes, vectorBytes, type QueryGroup, type ScanTask } from './scan.js';

/** What is asked of the base. */
export interface Question {
  readonly metric: Metric;
  readonly k: number;
  /** Numbers of the dataset's queries. */
  readonly queries: Int32Array;
  /** null: every row may be returned. */
  readonly filter: RowFilter | null;
}

export interface ScanPlan {
  readonly tasks: readonly ScanTask[];
  /** Byte addresses for blocks of `slotRows` rows. */
  readonly slots: readonly number[];
  readonly slotRows: number;
  /** Copies vectors of a matrix, from number `first` on, to a byte address in the form that the scans expect. */
  readonly write: (address: number, matrix: Matrix, first: number, count: number) => void;
}

/** Blocks in memory: one being filled, one being scanned, and one between them so that nobody waits. */
const SLOTS = 3;
const SLOT_BYTES = 8 * 1024 ** 2;

/** Lays out the shared memory, writes the queries there, and deals them evenly to `scans` scans. */
export function planScans(baseRows: number, vectors: Matrix, question: Question, scans: number): ScanPlan {
  const { metric, k, queries } = question;
  const { dimensions } = vectors;
  const stride = strideOf(dimensions);
  const pairBytes = BLOCK_QUERIES * stride;
  const slotRows = Math.max(1, Math.min(baseRows, Math.floor(SLOT_BYTES / stride)));

  let dealt = 0;
  const dealtGroups = groupQueries(question).map(({ bitmap, pairs }) => ({
    bitmap,
    pairs: pairs.map((positions) => ({ address: dealt * pairBytes, queries: positions, scan: dealt++ % scans })),
  }));

  const slotBytes = vectorBytes(slotRows, dimensions);
  const slots = Array.from({ length: SLOTS }, (_, i) => dealt * pairBytes + i * slotBytes);
  const scratchSize = scratchBytes(dimensions, slotRows);
  const scratches = Array.from({ length: scans }, (_, i) => dealt * pairBytes + SLOTS * slotBytes + i * scratchSize);
  const memory = allocateMemory(dealt * pairBytes + SLOTS * slotBytes + scans * scratchSize);

  const write = vectorWriter(new Float32Array(memory.buffer), comparesSigns(metric));
  for (const { address, queries: positions } of dealtGroups.flatMap(({ pairs }) => pairs)) {
    for (const [i, position] of positions.entries()) write(address + i * stride, vectors, queries[position]!, 1);
  }

  const tasks = scratches.map((scratch, scan): ScanTask => {
    const groups = dealtGroups
      .map(({ bitmap, pairs }): QueryGroup => ({ bitmap, pairs: pairs.filter((pair) => pair.scan === scan) }))
      .filter(({ pairs }) => pairs.length > 0);
    return { memory, metric, k, dimensions, groups, maxBlockRows: slotRows, scratch };
  });
  return { tasks, slots, slotRows, write };
}

/** Positions of the asked queries in pairs, and the pairs by the rows that they may be answered with. */
function groupQueries({ queries, filter }: Question) {
  const byBitmap = new Map<Uint8Array | null, number[]>();
  for (const position of queries.keys()) {
    const bitmap = filter ? filter.bitmaps[filter.ofQuery[position]!]! : null;
    byBitmap.set(bitmap, [...(byBitmap.get(bitmap) ?? []), position]);
  }
  return Array.from(byBitmap, ([bitmap, positions]) => {
    const pairs = [];
    for (let i = 0; i < positions.length; i += BLOCK_QUERIES) pairs.push(positions.slice(i, i + BLOCK_QUERIES));
    return { bitmap, pairs };
  });
}

/** Each vector's tail, up to the next multiple of the register size, stays zero. */
function vectorWriter(floats: Float32Array, signs: boolean): ScanPlan['write'] {
  return (address, { dimensions, values }, first, count) => {
    const stride = strideOf(dimensions) / FLOAT_BYTES;
    for (let i = 0; i < count; i++) {
      const vector = values.subarray((first + i) * dimensions, (first + i + 1) * dimensions);
      floats.set(signs ? signsOf(vector) : vector, address / FLOAT_BYTES + i * stride);
    }
  };
}
