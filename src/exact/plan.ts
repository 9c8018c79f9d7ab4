import { comparesBits, type Matrix, type Metric } from '../vocabulary.js';
import { signsOf } from './distance.js';
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
  const slotRows = Math.max(1, Math.min(baseRows, Math.floor(SLOT_BYTES / stride)));

  const shares = dealQueries(question, scans);
  const queryBytes = (count: number): number => Math.ceil(count / BLOCK_QUERIES) * BLOCK_QUERIES * stride;
  let end = 0;
  const reserve = (bytes: number): number => (end += bytes) - bytes;
  const groups = shares.map((share) =>
    share.map((group): QueryGroup => ({ ...group, address: reserve(queryBytes(group.queries.length)) })),
  );
  const slots = Array.from({ length: SLOTS }, () => reserve(vectorBytes(slotRows, dimensions)));
  const scratches = shares.map(() => reserve(scratchBytes(dimensions, slotRows)));
  const memory = allocateMemory(end);

  const write = vectorWriter(new Float32Array(memory.buffer), comparesBits(metric));
  for (const group of groups.flat()) {
    for (const [i, position] of group.queries.entries()) {
      write(group.address + i * stride, vectors, queries[position]!, 1);
    }
  }
  const task = { memory, metric, k, dimensions, maxBlockRows: slotRows };
  return {
    tasks: groups.map((share, scan): ScanTask => ({ ...task, groups: share, scratch: scratches[scan]! })),
    slots,
    slotRows,
    write,
  };
}

type Share = Omit<QueryGroup, 'address'>[];

/** Deals the positions of the asked queries, two by two, each two with the same rows to be answered with. */
function dealQueries({ queries, filter }: Question, scans: number): Share[] {
  const byBitmap = new Map<Uint8Array | null, number[]>();
  for (const position of queries.keys()) {
    const bitmap = filter ? filter.bitmaps[filter.ofQuery[position]!]! : null;
    const positions = byBitmap.get(bitmap);
    if (positions) positions.push(position);
    else byBitmap.set(bitmap, [position]);
  }
  const shares: Share[] = Array.from({ length: scans }, () => []);
  let dealt = 0;
  for (const [bitmap, positions] of byBitmap) {
    const hands: number[][] = shares.map(() => []);
    for (let i = 0; i < positions.length; i += BLOCK_QUERIES) {
      hands[dealt++ % scans]!.push(...positions.slice(i, i + BLOCK_QUERIES));
    }
    for (const [scan, hand] of hands.entries()) if (hand.length > 0) shares[scan]!.push({ bitmap, queries: hand });
  }
  return shares;
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
