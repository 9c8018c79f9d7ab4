import { PAGE_BYTES, maxAlign } from './page-layout.js';
import { isOlder } from './defects.js';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Source: pgvector `hnswbuild.c` HnswBeginParallel: kept free for everything else in the segment. */
const PARALLEL_RESERVE_BYTES = 3 * MIB;
/** Source: pgvector `hnswbuild.c` InsertTuple: kept free so that no allocation fails. */
const PARALLEL_MARGIN_BYTES = MIB;

/** Memory that an HNSW build has: one segment shared by all workers, or the backend's own (0 workers). */
export interface HnswBuild {
  readonly m: number;
  /** Of the stored vector; see {@link valueBytes}. */
  readonly valueBytes: number;
  readonly parallelWorkers: number;
  /** Major version of PostgreSQL. */
  readonly pgVersion: number;
}

/**
 * Average bytes that an element takes while the graph is built in memory.
 *
 * Element (128), pointer to its neighbour lists (8), list of 2m candidates of 16 bytes at level 0, value, and the same
 * for each of the 1/(m−1) upper levels that an element has on average. Rows with an equal vector pay each: the memory is
 * taken before the duplicate is found. A serial build also pays a header for each, and what is left over at the end of a
 * 1 MB block when the next one does not fit. For 64-bit servers; a 32-bit one, such as the embedded, takes up to 7 % less.
 *
 * Source: pgvector `hnsw.h` HnswElementData, HnswCandidate, `hnswutils.c` HnswInitElement, HnswInitNeighbors,
 * `hnswbuild.c` InsertTuple, InitBuildState; PostgreSQL `generation.c` GenerationAlloc.
 */
export function hnswBytesPerElement({ m, valueBytes, parallelWorkers, pgVersion }: HnswBuild): number {
  const upperLevels = 1 / (m - 1);
  const header = parallelWorkers > 0 ? 0 : serialChunkHeaderBytes(pgVersion);
  const pieces = [128, 8, 8 + 32 * m, maxAlign(valueBytes)].map((bytes) => bytes + header);
  const bytes = sum(pieces) + (16 + 16 * m + header) * upperLevels;
  if (parallelWorkers > 0) return bytes;
  const leftOver = sum(pieces.map((piece) => piece ** 2)) / (2 * sum(pieces));
  return bytes / (1 - leftOver / MIB);
}

/** The version of PostgreSQL where nobody says: from 16 on builds count their memory alike. */
export const ASSUMED_PG_VERSION = 17;

/** Source: PostgreSQL `generation.c` GenerationChunk up to 15, `memutils_memorychunk.h` MemoryChunk from 16 on. */
const serialChunkHeaderBytes = (pgVersion: number): number => (pgVersion >= 16 ? 8 : 24);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Bytes of the graph before the build goes on on disk. Source: pgvector `hnswbuild.c` HnswBeginParallel, InsertTuple. */
function graphBytes(build: HnswBuild, maintenanceWorkMemBytes: number): number {
  if (build.parallelWorkers === 0) return maintenanceWorkMemBytes;
  const area =
    maintenanceWorkMemBytes - (maintenanceWorkMemBytes > PARALLEL_RESERVE_BYTES ? PARALLEL_RESERVE_BYTES : 0);
  return Math.max(0, area - PARALLEL_MARGIN_BYTES);
}

/**
 * The number in `hnsw graph no longer fits into maintenance_work_mem after N tuples`, or null when the graph fits. From
 * there on every row is inserted on disk, which is several times slower.
 *
 * Source: pgvector `hnswbuild.c` InsertTuple. Within 0.03 % for parallel and 0.5 % for serial builds.
 */
export function hnswSpillRow(build: HnswBuild, rows: number, maintenanceWorkMemBytes: number): number | null {
  const fits = Math.ceil(graphBytes(build, maintenanceWorkMemBytes) / hnswBytesPerElement(build));
  return fits < rows ? fits : null;
}

/** The least `maintenance_work_mem` that keeps the whole build in memory, bytes. */
export function hnswNeededMaintenanceWorkMem(build: HnswBuild, rows: number): number {
  const reserve = build.parallelWorkers > 0 ? PARALLEL_RESERVE_BYTES + PARALLEL_MARGIN_BYTES : 0;
  return Math.ceil(rows * hnswBytesPerElement(build)) + reserve;
}

/**
 * Shared memory that a parallel build reserves at its start, used or not: in a container, `/dev/shm` must hold it. A
 * serial build reserves none.
 *
 * Source: pgvector `hnswbuild.c` HnswBeginParallel; its README asks for `--shm-size` of at least maintenance_work_mem.
 */
export const hnswSharedMemory = (parallelWorkers: number, maintenanceWorkMemBytes: number): number =>
  parallelWorkers > 0 ? maintenanceWorkMemBytes : 0;

/** Source: PostgreSQL `htup_details.h` MaxHeapTuplesPerPage. */
const MAX_HEAP_ROWS_PER_PAGE = Math.floor((PAGE_BYTES - 24) / 28);

/** What an IVFFlat build samples, and the memory it asks for. */
export interface IvfflatMemory {
  /** Rows that k-means is trained on. */
  readonly samples: number;
  /** Bytes asked for at each check, in order; the last is all that k-means needs. */
  readonly checkBytes: readonly number[];
}

/**
 * Memory that training the centres takes. It grows with samples × lists, so about with 200 · lists².
 *
 * Source: pgvector `ivfbuild.c` InitBuildState, ComputeCenters, `ivfkmeans.c` ElkanKmeans, `ivfflat.h`
 * VECTOR_ARRAY_SIZE. Before 0.8.4 the only check is the last one; before 0.8.5 small tables reserve samples that they
 * do not have.
 */
export function ivfflatMemory(options: {
  readonly rows: number;
  readonly lists: number;
  readonly dimensions: number;
  readonly valueBytes: number;
  /** Pages of the table without its TOAST table. */
  readonly heapPages: number;
  /** Version of the extension, `0.8.6`; left out for the newest. */
  readonly pgvector?: string;
}): IvfflatMemory {
  const { rows, lists, dimensions, heapPages } = options;
  const isBefore = (version: string): boolean => options.pgvector !== undefined && isOlder(options.pgvector, version);
  const itemBytes = maxAlign(options.valueBytes);
  const array = (items: number): number => 32 + items * itemBytes;
  const wanted = Math.max(10_000, 50 * lists);
  const reserved = isBefore('0.8.5') ? wanted : Math.max(1, Math.min(wanted, heapPages * MAX_HEAP_ROWS_PER_PAGE));
  const samples = Math.min(reserved, rows);
  const centers = array(lists);
  const withSamples = centers + array(reserved);
  const sums = 4 * lists * dimensions;
  const bounds = 4 * samples * lists + 8 * samples;
  const centerDistances = 4 * lists ** 2 + 12 * lists;
  const kmeans = withSamples + array(lists) + sums + bounds + centerDistances;
  return { samples, checkBytes: isBefore('0.8.4') ? [kmeans] : [centers, withSamples, kmeans] };
}

/**
 * What an IVFFlat build answers when `maintenance_work_mem` is too small, or null when it is not: the megabytes of
 * `memory required is N MB`. The number may belong to an early check and so be far too small: plan with the last of
 * {@link IvfflatMemory.checkBytes} instead.
 *
 * Source: pgvector `ivfutils.c` IvfflatCheckMemoryUsage.
 */
export function ivfflatMemoryError(memory: IvfflatMemory, maintenanceWorkMemBytes: number): number | null {
  const failed = memory.checkBytes.find((bytes) => Math.floor(bytes / KIB) > maintenanceWorkMemBytes / KIB);
  return failed === undefined ? null : Math.floor(failed / MIB) + 1;
}
