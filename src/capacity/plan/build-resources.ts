import { type IndexPrediction, numberOf, PAGE_BYTES } from '../../indexes/index.js';
import type { IndexParameters } from '../../vocabulary.js';
import { hnswBuildWal, ivfflatBuildWal } from '../table/wal.js';

/** Disk, log and memory that building an index takes, beside the table. Bytes. */
export interface BuildResources {
  /** Temporary files while it is built: IVFFlat sorts the rows by list. */
  readonly temporaryBytes: number;
  /** Most disk at once that CREATE INDEX takes. */
  readonly createPeakBytes: number;
  /** The same for REINDEX INDEX CONCURRENTLY, in addition to what the old index holds already. */
  readonly reindexPeakBytes: number;
  /** Old and new index and temporary files together. */
  readonly reindexTotalBytes: number;
  readonly walBytes: number;
  /** Memory that the build holds: all of maintenance_work_mem where a parallel build reserves it. */
  readonly heldMemoryBytes: number;
  /** The same for all builds that run at once. */
  readonly heldMemoryOfAllBytes: number;
}

/** What a row takes beside its value in a sorted file, and in the memory of a sort. Measured on PostgreSQL 15. */
const FILED_ROW_BYTES = 22;
const SORTED_ROW_BYTES = 64;

/** What is known of a build before it runs. */
export interface BuildFacts {
  readonly method: string;
  readonly rows: number;
  readonly parameters: IndexParameters;
  /** Of the value that the index keeps. */
  readonly valueBytes: number;
  readonly prediction: IndexPrediction;
  readonly maintenanceWorkMemBytes: number;
  /** Builds that run at once. */
  readonly concurrentBuilds: number;
}

/**
 * An HNSW build writes nothing but the index; an IVFFlat build also sorts all rows by list, in files when they exceed
 * `maintenance_work_mem`. REINDEX CONCURRENTLY builds the new index before it drops the old one.
 */
export function buildResources(facts: BuildFacts): BuildResources | null {
  const { method, rows, parameters, valueBytes, prediction, maintenanceWorkMemBytes, concurrentBuilds } = facts;
  const { bytes, build } = prediction;
  if (build === null) return null;
  const pages = bytes / PAGE_BYTES;
  const sorted = method === 'ivfflat' ? rows * (valueBytes + SORTED_ROW_BYTES) : 0;
  const temporaryBytes = sorted > maintenanceWorkMemBytes ? rows * (valueBytes + FILED_ROW_BYTES) : 0;
  const reserved = method === 'hnsw' ? build.sharedMemoryBytes : 0;
  const heldMemoryBytes = Math.max(reserved, Math.min(maintenanceWorkMemBytes, Math.max(build.memoryBytes, sorted)));
  return {
    temporaryBytes,
    createPeakBytes: bytes + temporaryBytes,
    reindexPeakBytes: bytes + temporaryBytes,
    reindexTotalBytes: 2 * bytes + temporaryBytes,
    walBytes:
      method === 'hnsw'
        ? hnswBuildWal({ elements: rows, m: numberOf(parameters, 'm', NaN), valueBytes, pages })
        : ivfflatBuildWal({ rows, lists: numberOf(parameters, 'lists', NaN), valueBytes, pages }),
    heldMemoryBytes,
    heldMemoryOfAllBytes: heldMemoryBytes * concurrentBuilds,
  };
}
