import type { IndexParameters, StartingRule } from '../vocabulary.js';
import { findings } from '../results/index.js';
import { ivfflatMemory, ivfflatMemoryError } from './build-memory.js';
import { ivfflatPages, ivfflatRowsPerPage } from './ivfflat-pages.js';
import { type IndexKind, numberOf, type StartingPoint } from './kind.js';
import { PAGE_BYTES, maxAlign, valueBytes } from './page-layout.js';
import { plannedBuildWorkers } from './parallel-workers.js';
import { ivfflatScanCost } from './planner.js';
import type { IndexPrediction, PredictionInput } from './prediction.js';
import { readmeLists, readmeProbes, squareRootLists } from './rules-of-thumb.js';
import { MOST_INDEXED_BITS, MOST_INDEXED_DIMENSIONS } from './representations.js';
import { plainStorage } from './storage.js';
import { ivfflatStepTable, roomiestIvfflatDimensions } from './steps.js';
import { ivfflatWork } from './work.js';

const MAX_LISTS = 32_768;
const DEFAULT = { lists: 100, probes: 1 } as const;

// Source: pgvector ivfflat.h IVFFLAT_MAX_DIM, ivfutils.c ivfflat_halfvec_support and ivfflat_bit_support; sql/vector.sql.
const METRICS = ['l2', 'ip', 'cosine'] as const;
const REPRESENTATIONS = {
  vector: { maxDimensions: MOST_INDEXED_DIMENSIONS, metrics: METRICS, since: '0.1.0' },
  halfvec: { maxDimensions: 4000, metrics: METRICS, since: '0.7.0' },
  // Ordered by Hamming distance whatever the metric is, so every metric that can re-rank will do. The index would take
  // 64,000 bits, but they come from a vector column (pgvector vector.h VECTOR_MAX_DIM).
  bit: { maxDimensions: 16_000, metrics: [...METRICS, 'l1'], since: '0.7.0' },
  subvector: { maxDimensions: MOST_INDEXED_DIMENSIONS, metrics: METRICS, since: '0.7.0' },
} as const;

const listsOf = (parameters: IndexParameters): number => numberOf(parameters, 'lists', DEFAULT.lists);
const probesOf = (settings: Readonly<Record<string, number | string>>): number =>
  Number(settings['probes'] ?? DEFAULT.probes);

function predict(input: PredictionInput): IndexPrediction {
  const { rows, dimensions, representation, parallelWorkers, maintenanceWorkMemBytes } = input;
  const lists = listsOf(input.parameters);
  if (representation === 'sparsevec') throw new TypeError('IVFFlat indexes no sparse vectors.');
  const valueBytesAt = (d: number): number => valueBytes({ type: representation, dimensions: d });
  const bytesAt = (d: number): number => PAGE_BYTES * ivfflatPages({ rows, lists, valueBytes: valueBytesAt(d) });
  const memory = ivfflatMemory({ ...input, lists, valueBytes: valueBytesAt(dimensions) });
  const memoryBytes = memory.checkBytes.at(-1)!;
  const { maxDimensions } = REPRESENTATIONS[representation];
  const roomiest = roomiestIvfflatDimensions({ representation, dimensions, maxDimensions });
  const bytes = bytesAt(dimensions);
  return {
    pages: bytes / PAGE_BYTES,
    bytes,
    build: {
      memoryBytes,
      neededMaintenanceWorkMemBytes: 1024 * Math.floor(memoryBytes / 1024),
      spillRow: null,
      sharedMemoryBytes: parallelWorkers > 0 ? lists * maxAlign(valueBytesAt(dimensions)) : 0,
      fails: ivfflatMemoryError(memory, maintenanceWorkMemBytes) !== null,
    },
    steps: {
      vectorsPerPage: ivfflatRowsPerPage(valueBytesAt(dimensions)),
      freeParameter: null,
      roomiestDimensions: { value: roomiest, bytes: bytesAt(roomiest) },
      nextDimensions: roomiest < maxDimensions ? { value: roomiest + 1, bytes: bytesAt(roomiest + 1) } : null,
      packings: ivfflatStepTable({ representation, from: Math.ceil(dimensions / 2), maxDimensions }),
    },
  };
}

function startingPoint(rule: StartingRule, lists: number, probes: number): StartingPoint {
  return { rule, parameters: { lists }, settings: { probes } };
}

const hasEqualValues = (a: StartingPoint, b: StartingPoint): boolean =>
  a.parameters['lists'] === b.parameters['lists'] && a.settings['probes'] === b.settings['probes'];

const scaled = (parameters: IndexParameters, multiple: number): IndexParameters => ({
  lists: Math.min(MAX_LISTS, Math.max(2, Math.round(listsOf(parameters) * Math.sqrt(multiple)))),
});

/** Inverted lists: rows grouped around k-means centres, of which a search reads the nearest few groups. */
export const ivfflat: IndexKind = {
  name: 'ivfflat',
  accessMethod: 'ivfflat',
  extension: 'vector',
  title: 'IVFFlat',
  // Source: pgvector ivfflat.c IvfflatInit.
  parameters: [
    {
      kind: 'number',
      name: 'lists',
      meaning: 'Number of clusters that the rows are divided into.',
      integer: true,
      min: 1,
      max: MAX_LISTS,
      default: DEFAULT.lists,
    },
  ],
  storage: plainStorage,
  knobs: [
    {
      kind: 'number',
      name: 'probes',
      guc: 'ivfflat.probes',
      meaning: 'Clusters that a query looks into.',
      since: '0.1.0',
      min: 1,
      max: MAX_LISTS,
      default: DEFAULT.probes,
      integer: true,
      monotone: true,
      atMost: 'lists',
    },
    {
      kind: 'choice',
      name: 'iterative_scan',
      guc: 'ivfflat.iterative_scan',
      since: '0.8.0',
      values: ['off', 'relaxed_order'],
      default: 'off',
    },
    {
      kind: 'number',
      name: 'max_probes',
      guc: 'ivfflat.max_probes',
      since: '0.8.0',
      min: 1,
      max: MAX_LISTS,
      default: MAX_LISTS,
      integer: true,
      monotone: false,
    },
  ],
  representations: REPRESENTATIONS,
  bits: { maxDimensions: MOST_INDEXED_BITS, metrics: ['hamming'], since: '0.7.0' },
  // Source: pgvector sql/vector.sql.
  mostNonZeros: null,
  notices: [
    {
      // Source: pgvector ivfbuild.c ComputeCenters.
      pattern: /ivfflat index created with little data/,
      finding: () => findings.ivfflatLittleData.of({}),
    },
  ],
  conflict: (parameters, { rows }) =>
    rows !== undefined && listsOf(parameters) > rows
      ? {
          message: `Expected at most as many lists as rows, got ${listsOf(parameters)} for ${rows}.`,
          hint: `Start with ${readmeLists(rows)}.`,
        }
      : null,
  mostRows: () => Infinity,
  startingPoints: (rows) => {
    const rules = [
      { rule: 'readme-lists', lists: readmeLists(rows) },
      { rule: 'square-root-lists', lists: squareRootLists(rows) },
    ] as const;
    const defaults = startingPoint('defaults', DEFAULT.lists, DEFAULT.probes);
    const ruled = rules.map(({ rule, lists }) => startingPoint(rule, Math.min(MAX_LISTS, lists), readmeProbes(lists)));
    return [defaults, ...ruled].filter(
      (point, i, all) =>
        Number(point.parameters['lists']) <= rows && all.findIndex((other) => hasEqualValues(point, other)) === i,
    );
  },
  candidates: (rows) => {
    const root = Math.sqrt(rows);
    const lists = [2 * root, root, 4 * root, root / 2, readmeLists(rows), DEFAULT.lists].map(Math.round);
    return [...new Set(lists)].filter((value) => value >= 2 && value <= MAX_LISTS).map((value) => ({ lists: value }));
  },
  // Comparing centres and comparing the rows of the lists take the same work where lists ∝ √rows.
  ofSubset: scaled,
  ofSize: scaled,
  // Twice the lists need 1 to 1.5 times the probes, more of them the nearer recall is to 1 (measured on four tables).
  sameRecall: (value, { from, to }) => value * (listsOf(to) / listsOf(from)) ** 0.3,
  isModelled: true,
  model: {
    buildWorkers: plannedBuildWorkers,
    predict,
    scanCost: (input) =>
      ivfflatScanCost({ ...input, lists: listsOf(input.parameters), probes: probesOf(input.settings) }),
    work: ({ rows, valueBytes, parameters, settings, k }) =>
      ivfflatWork({ rows, valueBytes, k, lists: listsOf(parameters), probes: probesOf(settings) }),
  },
};
