import type { IndexParameters } from '../vocabulary.js';
import { numberOf } from './kind.js';

/** Seconds that a build takes, with a 90 % interval. */
export interface BuildSeconds {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What the time of a build is predicted from. */
export interface BuildTimeInput {
  readonly method: string;
  readonly rows: number;
  /** Of the value that the index keeps. */
  readonly dimensions: number;
  /** All build parameters, defaults filled in. */
  readonly parameters: IndexParameters;
  /** Workers besides the leader. */
  readonly parallelWorkers: number;
  /** Rows after which an HNSW graph no longer fits its memory; null when it fits. */
  readonly spillRow: number | null;
}

/*
 * Fitted to the 379 recorded builds of `benchmarks/grids` (1,250 to 40,000 rows, 64 to 384 dimensions, PostgreSQL 15, pgvector
 * 0.8.0, a shared machine): 94 % of them took between a fifth and five times of this. Machines differ by as much.
 */
const MACHINES = 5;
/** Seconds to insert a row of so many dimensions into pgvector's default graph. */
const INSERT = { seconds: 3e-4, dimensions: 200 };
/** What the build parameters do to that, as powers. */
const OF_PARAMETERS = { efConstruction: 0.5, m: 0.9 };
/** IVFFlat: to read a row, and to compare a dimension with that of a centre. */
const LISTS = { rowSeconds: 1e-5, dimensionSeconds: 2e-10 };
/** Rounds of k-means over a sample of the rows. Source: pgvector `ivfbuild.c` ComputeCenters. */
const KMEANS = { rounds: 20, rowsPerList: 50, leastRows: 10_000 };
/** What a worker adds to the leader. */
const WORKER = 0.8;
/** Rows that are inserted on disk take so many times longer: six in `test/capacity/spilled-build.json`; disks differ. */
const ON_DISK = { low: 3, value: 6, high: 20 };

/** Seconds to insert a row into pgvector's default graph in memory, by one process. */
export const hnswInsertSeconds = (dimensions: number): number =>
  INSERT.seconds * (0.5 + dimensions / INSERT.dimensions);

/** How long a build takes on a machine that nobody measured; null for a method without a model. */
export function predictBuildSeconds(input: BuildTimeInput): BuildSeconds | null {
  const serial = secondsInMemory(input);
  if (serial === null) return null;
  const inMemory = serial / (1 + WORKER * input.parallelWorkers);
  const onDisk = onDiskFactor(input);
  return {
    value: inMemory * onDisk.value,
    low: (inMemory * onDisk.low) / MACHINES,
    high: inMemory * onDisk.high * MACHINES,
  };
}

/** How many times longer a build takes because its graph outgrows its memory. */
export function onDiskFactor({ rows, spillRow }: Pick<BuildTimeInput, 'rows' | 'spillRow'>): BuildSeconds {
  const spilled = spillRow === null || rows === 0 ? 0 : (rows - spillRow) / rows;
  const factor = (onDisk: number): number => 1 + spilled * (onDisk - 1);
  return { value: factor(ON_DISK.value), low: factor(ON_DISK.low), high: factor(ON_DISK.high) };
}

function secondsInMemory({ method, rows, dimensions, parameters }: BuildTimeInput): number | null {
  if (method === 'hnsw') {
    const [efConstruction, m] = [numberOf(parameters, 'ef_construction', 64), numberOf(parameters, 'm', 16)];
    return (
      rows *
      hnswInsertSeconds(dimensions) *
      (efConstruction / 64) ** OF_PARAMETERS.efConstruction *
      (m / 16) ** OF_PARAMETERS.m
    );
  }
  if (method === 'ivfflat') {
    const lists = numberOf(parameters, 'lists', 100);
    const sample = Math.min(rows, Math.max(KMEANS.leastRows, KMEANS.rowsPerList * lists));
    return LISTS.rowSeconds * rows + LISTS.dimensionSeconds * (rows + KMEANS.rounds * sample) * lists * dimensions;
  }
  return null;
}
