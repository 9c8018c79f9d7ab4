import type { IndexParameters } from '../vocabulary.js';
import { findings } from '../results/index.js';
import { hnswBytesPerElement, hnswNeededMaintenanceWorkMem, hnswSharedMemory, hnswSpillRow } from './build-memory.js';
import { hnswEffort } from './hnsw-effort.js';
import { hnswElementsPerPage, hnswPages } from './hnsw-pages.js';
import { type IndexKind, numberOf } from './kind.js';
import { bytesOfElements, PAGE_BYTES } from './page-layout.js';
import { hnswBuildWorkers } from './parallel-workers.js';
import { hnswScanCost } from './planner.js';
import type { IndexPrediction, PredictionInput } from './prediction.js';
import { MOST_INDEXED_BITS, MOST_INDEXED_DIMENSIONS } from './representations.js';
import { plainStorage } from './storage.js';
import { hnswStepTable, largestFreeM, roomiestHnswDimensions } from './steps.js';
import { hnswWork } from './work.js';

const MAX_M = 100;
const DEFAULT = { m: 16, ef_construction: 64, ef_search: 40 } as const;

// Source: pgvector hnsw.h HNSW_MAX_DIM, hnswutils.c hnsw_halfvec_support and hnsw_bit_support; sql/vector.sql.
const METRICS = ['l2', 'ip', 'cosine', 'l1'] as const;
const REPRESENTATIONS = {
  vector: { maxDimensions: MOST_INDEXED_DIMENSIONS, metrics: METRICS, since: '0.5.0' },
  halfvec: { maxDimensions: 4000, metrics: METRICS, since: '0.7.0' },
  // The index would take 64,000 bits, but they come from a vector column (pgvector vector.h VECTOR_MAX_DIM).
  bit: { maxDimensions: 16_000, metrics: METRICS, since: '0.7.0' },
  subvector: { maxDimensions: MOST_INDEXED_DIMENSIONS, metrics: METRICS, since: '0.7.0' },
} as const;

/** Source: pgvector `hnsw.h` HNSW_MAX_NNZ; a row with more is refused when it is inserted. */
const MOST_NON_ZEROS = 1000;

const mOf = (parameters: IndexParameters): number => numberOf(parameters, 'm', DEFAULT.m);
const efConstructionOf = (parameters: IndexParameters): number =>
  numberOf(parameters, 'ef_construction', DEFAULT.ef_construction);
const efSearchOf = (settings: Readonly<Record<string, number | string>>): number =>
  Number(settings['ef_search'] ?? DEFAULT.ef_search);

function predict(input: PredictionInput): IndexPrediction {
  const { rows, dimensions, representation, parallelWorkers, pgVersion, maintenanceWorkMemBytes } = input;
  const m = mOf(input.parameters);
  const bytesOf = (layout: { m: number; dimensions: number }): number =>
    PAGE_BYTES * hnswPages({ m: layout.m, valueBytes: bytesOfElements(representation, layout.dimensions) }, rows);
  const layout = { m, valueBytes: bytesOfElements(representation, dimensions) };
  const build = { ...layout, parallelWorkers, pgVersion };
  const maxDimensions = representation === 'sparsevec' ? MOST_NON_ZEROS : REPRESENTATIONS[representation].maxDimensions;
  const freeM = largestFreeM(layout, MAX_M);
  const roomiest = roomiestHnswDimensions({ representation, dimensions, m, maxDimensions });
  const bytes = bytesOf({ m, dimensions });
  return {
    pages: bytes / PAGE_BYTES,
    bytes,
    build: {
      memoryBytes: Math.ceil(rows * hnswBytesPerElement(build)),
      // More memory may bring the build workers, which need a little more again.
      neededMaintenanceWorkMemBytes: Math.max(
        ...[0, 1].map((workers) => hnswNeededMaintenanceWorkMem({ ...build, parallelWorkers: workers }, rows)),
      ),
      spillRow: hnswSpillRow(build, rows, maintenanceWorkMemBytes),
      sharedMemoryBytes: hnswSharedMemory(parallelWorkers, maintenanceWorkMemBytes),
      fails: false,
    },
    steps: {
      vectorsPerPage: hnswElementsPerPage(layout),
      freeParameter: { name: 'm', largest: { value: freeM, bytes: bytesOf({ m: freeM, dimensions }) } },
      roomiestDimensions: { value: roomiest, bytes: bytesOf({ m, dimensions: roomiest }) },
      nextDimensions:
        roomiest < maxDimensions ? { value: roomiest + 1, bytes: bytesOf({ m, dimensions: roomiest + 1 }) } : null,
      packings: hnswStepTable({ representation, m, from: Math.ceil(dimensions / 2), maxDimensions }),
    },
  };
}

/** Hierarchical navigable small worlds: a graph, searched greedily from its sparse upper levels down. */
export const hnsw: IndexKind = {
  name: 'hnsw',
  accessMethod: 'hnsw',
  extension: 'vector',
  title: 'HNSW',
  // Source: pgvector hnsw.c HnswInit.
  parameters: [
    {
      kind: 'number',
      name: 'm',
      meaning: 'Links of a vertex to its neighbours.',
      integer: true,
      min: 2,
      max: MAX_M,
      default: DEFAULT.m,
    },
    {
      kind: 'number',
      name: 'ef_construction',
      meaning: 'Candidates kept while a vertex is inserted; at least 2·m.',
      integer: true,
      min: 4,
      max: 1000,
      default: DEFAULT.ef_construction,
    },
  ],
  storage: plainStorage,
  knobs: [
    {
      kind: 'number',
      name: 'ef_search',
      guc: 'hnsw.ef_search',
      meaning: 'Candidates kept while a query runs.',
      since: '0.5.0',
      min: 1,
      max: 1000,
      default: DEFAULT.ef_search,
      integer: true,
      monotone: true,
    },
    {
      kind: 'choice',
      name: 'iterative_scan',
      guc: 'hnsw.iterative_scan',
      since: '0.8.0',
      values: ['off', 'relaxed_order', 'strict_order'],
      default: 'off',
    },
    {
      kind: 'number',
      name: 'max_scan_tuples',
      guc: 'hnsw.max_scan_tuples',
      since: '0.8.0',
      min: 1,
      max: 2_147_483_647,
      default: 20_000,
      integer: true,
      monotone: false,
    },
    {
      kind: 'number',
      name: 'scan_mem_multiplier',
      guc: 'hnsw.scan_mem_multiplier',
      since: '0.8.0',
      min: 1,
      max: 1000,
      default: 1,
      integer: false,
      monotone: false,
    },
  ],
  representations: REPRESENTATIONS,
  bits: { maxDimensions: MOST_INDEXED_BITS, metrics: ['hamming', 'jaccard'], since: '0.7.0' },
  mostNonZeros: MOST_NON_ZEROS,
  notices: [
    {
      // Source: pgvector hnswbuild.c InsertTuple.
      pattern: /hnsw graph no longer fits into maintenance_work_mem after (\d+) tuples/,
      finding: (match) => findings.hnswBuildSpilled.of({ rows: Number(match[1]) }),
    },
  ],
  // Source: pgvector hnswbuild.c InitBuildState.
  conflict: (parameters) => {
    const [m, efConstruction] = [mOf(parameters), efConstructionOf(parameters)];
    return efConstruction < 2 * m
      ? {
          message: `Expected ef_construction to be at least 2 × m = ${2 * m}, got ${efConstruction}.`,
          hint: 'Raise ef_construction or lower m.',
        }
      : null;
  },
  // Source: pgvector hnswscan.c hnswgettuple.
  mostRows: (settings) => ((settings['iterative_scan'] ?? 'off') === 'off' ? efSearchOf(settings) : Infinity),
  startingPoints: () => [
    {
      rule: 'defaults',
      parameters: { m: DEFAULT.m, ef_construction: DEFAULT.ef_construction },
      settings: { ef_search: DEFAULT.ef_search },
    },
  ],
  candidates: () =>
    [16, 24, 8, 32, 12, 48].flatMap((m) =>
      [64, 128, 256, 32]
        .filter((efConstruction) => efConstruction >= 2 * m)
        .map((efConstruction) => ({
          m,
          ef_construction: efConstruction,
        })),
    ),
  // The candidates that a search needs for the same recall grow with about the cube root of the rows (N^0.25 to N^0.33
  // where it was measured), and an insert is a search. With as many as on all rows no subset would be short of them.
  ofSubset: (parameters, share) => {
    const m = mOf(parameters);
    return {
      m,
      ef_construction: Math.max(2 * m, Math.round(efConstructionOf(parameters) * Math.cbrt(share))),
    };
  },
  ofSize: (parameters) => parameters,
  // Twice the connections need 1.8 times fewer candidates (measured on 254 builds and settings).
  sameRecall: (value, { from, to }) => value * (mOf(from) / mOf(to)) ** 0.9,
  effort: (parameters, depth) =>
    hnswEffort({ m: mOf(parameters), efConstruction: efConstructionOf(parameters), depth }),
  isModelled: false,
  model: {
    buildWorkers: hnswBuildWorkers,
    predict,
    scanCost: (input) => hnswScanCost({ ...input, m: mOf(input.parameters), efSearch: efSearchOf(input.settings) }),
    work: ({ rows, parameters, settings }) => hnswWork({ rows, m: mOf(parameters), efSearch: efSearchOf(settings) }),
  },
};
