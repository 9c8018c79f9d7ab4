import type { Metric } from '../vocabulary.js';
import type { QueryAnswer } from './collect-truth.js';
import { distanceFrom } from './distance.js';
import {
  BLOCK_QUERIES,
  BLOCK_ROWS,
  createReferenceKernel,
  createSimdKernel,
  FLOAT_BYTES,
  MAX_TILE_ROWS,
  strideOf,
  type WasmMemory,
} from './kernel/index.js';
import { createNearest, type Nearest } from './nearest.js';
import { roundingError } from './rounding.js';
import { hasRow } from './row-filter.js';
import { scoringOf, type TileNorms } from './scoring.js';

/** Queries that may be answered with the same rows. */
export interface QueryGroup {
  /** null when every row may be returned. */
  readonly bitmap: Uint8Array | null;
  /** Byte address of the first query's vector; the others follow, and a zero vector when their number is odd. */
  readonly address: number;
  /** Positions among the asked queries. */
  readonly queries: readonly number[];
}

/** What a scan works on: plain values and shared memory, so that it can be sent to a thread. */
export interface ScanTask {
  readonly memory: WasmMemory;
  readonly metric: Metric;
  readonly k: number;
  readonly dimensions: number;
  readonly groups: readonly QueryGroup[];
  readonly maxBlockRows: number;
  /** Byte address of {@link scratchBytes} that belong to this scan alone, all zero. */
  readonly scratch: number;
}

/** Consecutive base vectors in the shared memory. */
export interface ScanBlock {
  /** Byte address of the first vector. */
  readonly address: number;
  /** Row number of the first vector. */
  readonly start: number;
  readonly rows: number;
}

export interface Scan {
  readonly add: (block: ScanBlock) => void;
  readonly answers: () => readonly QueryAnswer[];
}

/**
 * The queries of a group on their way. What every tile asks of every query is in arrays: queries take turns by the
 * thousand, and nothing of them stays in the nearest cache.
 */
interface Search extends QueryGroup {
  readonly norms: Float64Array;
  /** `limit` of each query's `nearest`. */
  readonly limits: Float64Array;
  readonly nearest: readonly Nearest[];
  /** Distance of a query to the row at a byte address. */
  readonly distanceTo: readonly ((address: number) => number)[];
}

/** What is known of vectors that lie in a row. */
interface Rows {
  readonly numbers: Int32Array;
  readonly norms: Float64Array;
  /** See `ScoreRows`; at byte address `scaleAddress`. */
  readonly scales: Float32Array;
  readonly scaleAddress: number;
}

/** A tile of rows should stay in the second-level cache while all queries pass over it. */
const TILE_BYTES = 384 * 1024;

/** Bytes to set aside for so many vectors. The kernel takes the last ones four at a time, too. */
export const vectorBytes = (rows: number, dimensions: number): number => (rows + BLOCK_ROWS) * strideOf(dimensions);

const floatBytes = (count: number): number => (Math.ceil(count / BLOCK_ROWS) + 1) * BLOCK_ROWS * FLOAT_BYTES;

function scratchLayout(dimensions: number, maxBlockRows: number) {
  const scales = 0;
  const gatheredScales = scales + floatBytes(maxBlockRows);
  const scores = gatheredScales + floatBytes(maxBlockRows);
  const gathered = scores + floatBytes(BLOCK_QUERIES * MAX_TILE_ROWS);
  return { scales, gatheredScales, scores, gathered, end: gathered + vectorBytes(maxBlockRows, dimensions) };
}

export const scratchBytes = (dimensions: number, maxBlockRows: number): number =>
  scratchLayout(dimensions, maxBlockRows).end;

/**
 * Finds the nearest rows for some of the queries while the base passes by in blocks. The kernel scores a tile of rows for
 * a pair of queries; only rows whose score may belong to a neighbour get their distance, in float64.
 */
export function createScan({ memory, metric, k, dimensions, groups, maxBlockRows, scratch }: ScanTask): Scan {
  const floats = new Float32Array(memory.buffer);
  const kernel = createSimdKernel(memory, dimensions) ?? createReferenceKernel(memory.buffer, dimensions);
  const scoring = scoringOf(metric, dimensions);
  const scoreRows = kernel.score[scoring.sum];
  const stride = strideOf(dimensions);
  const tileRows = Math.min(MAX_TILE_ROWS, Math.ceil(TILE_BYTES / stride / BLOCK_ROWS) * BLOCK_ROWS);
  const layout = scratchLayout(dimensions, maxBlockRows);
  const scores = scratch + layout.scores;
  const gathered = scratch + layout.gathered;

  const describeRows = (scaleAddress: number): Rows => ({
    numbers: new Int32Array(maxBlockRows),
    norms: new Float64Array(maxBlockRows),
    scales: new Float32Array(memory.buffer, scaleAddress, maxBlockRows),
    scaleAddress,
  });
  const blockRows = describeRows(scratch + layout.scales);
  const gatheredRows = describeRows(scratch + layout.gatheredScales);

  const normAt = (address: number): number => Math.sqrt(kernel.sum.products(address, address));

  const searches = groups.map((group): Search => {
    const addresses = group.queries.map((_, i) => group.address + i * stride);
    return {
      ...group,
      norms: Float64Array.from(addresses, normAt),
      limits: new Float64Array(addresses.length).fill(Infinity),
      nearest: addresses.map(() => createNearest(k, metric)),
      distanceTo: addresses.map((address) => distanceFrom(metric, kernel.sum, address)),
    };
  });

  function describe({ address, start, rows }: ScanBlock): void {
    for (let i = 0; i < rows; i++) {
      const norm = normAt(address + i * stride);
      blockRows.numbers[i] = start + i;
      blockRows.norms[i] = norm;
      blockRows.scales[i] = scoring.scale(norm);
    }
  }

  /** Copies the block's rows that a bitmap holds side by side, so that no other is scored; returns their number. */
  function gather({ address, start, rows }: ScanBlock, bitmap: Uint8Array): number {
    let found = 0;
    for (let i = 0; i < rows; i++) {
      if (!hasRow(bitmap, start + i)) continue;
      const from = (address + i * stride) / FLOAT_BYTES;
      floats.copyWithin((gathered + found * stride) / FLOAT_BYTES, from, from + stride / FLOAT_BYTES);
      gatheredRows.numbers[found] = start + i;
      gatheredRows.norms[found] = blockRows.norms[i]!;
      gatheredRows.scales[found] = blockRows.scales[i]!;
      found++;
    }
    return found;
  }

  function searchRows(search: Search, rows: Rows, address: number, count: number): void {
    for (let first = 0; first < count; first += tileRows) {
      const tile = address + first * stride;
      const tileCount = Math.min(tileRows, count - first);
      const tileNorms = rangeOf(rows.norms, first, first + tileCount);
      for (let query = 0; query < search.queries.length; query++) {
        const inPair = query % BLOCK_QUERIES;
        if (inPair === 0) {
          const pair = search.address + query * stride;
          scoreRows(pair, tile, tileCount, rows.scaleAddress + first * FLOAT_BYTES, scores);
        }
        const ofQuery = scores + inPair * MAX_TILE_ROWS * FLOAT_BYTES;
        const next = (from: number): number =>
          kernel.findWithin(
            ofQuery,
            from,
            tileCount,
            scoring.limit(search.limits[query]!, search.norms[query]!, tileNorms),
          );
        for (let at = next(0); at < tileCount; at = next(at + 1)) {
          const nearest = search.nearest[query]!;
          const distance = search.distanceTo[query]!(tile + at * stride);
          // PostgreSQL sorts what is not a number last.
          const error = roundingError(metric, dimensions, [search.norms[query]!, rows.norms[first + at]!]);
          nearest.offer(rows.numbers[first + at]!, Number.isNaN(distance) ? Infinity : distance, error);
          search.limits[query] = nearest.limit;
        }
      }
    }
  }

  return {
    add(block) {
      describe(block);
      for (const search of searches) {
        if (search.bitmap === null) searchRows(search, blockRows, block.address, block.rows);
        else searchRows(search, gatheredRows, gathered, gather(block, search.bitmap));
      }
    },
    answers: () =>
      searches.flatMap(({ queries, nearest }) => queries.map((query, i) => ({ query, ...nearest[i]!.answer() }))),
  };
}

function rangeOf(norms: Float64Array, from: number, to: number): TileNorms {
  let smallest = Infinity;
  let largest = 0;
  for (let i = from; i < to; i++) {
    smallest = Math.min(smallest, norms[i]!);
    largest = Math.max(largest, norms[i]!);
  }
  return { smallest, largest };
}
