import type { IndexParameters } from '../vocabulary.js';
import type { StoredValue } from './page-layout.js';
import type { PackingStep } from './steps.js';

/** What an index is predicted from. */
export interface PredictionInput {
  /** Rows that the index holds: distinct vectors for the size, all rows for the build. */
  readonly rows: number;
  /** Of the stored value; of a sparse vector, as in the steps, its non-zero elements. */
  readonly dimensions: number;
  readonly representation: StoredValue['type'];
  /** All build parameters, defaults filled in. */
  readonly parameters: IndexParameters;
  readonly maintenanceWorkMemBytes: number;
  /** Workers besides the leader that the build gets; 0 for a serial build. */
  readonly parallelWorkers: number;
  /** Major version of PostgreSQL. */
  readonly pgVersion: number;
  /** Version of the extension, `0.8.6`; left out for the newest. */
  readonly pgvector?: string;
  /** Pages of the table without its TOAST table. */
  readonly heapPages: number;
}

/** What building the index takes. */
export interface BuildPrediction {
  /** Memory that the build wants: the HNSW graph, or IVFFlat's training of its centres. Bytes. */
  readonly memoryBytes: number;
  /** The least `maintenance_work_mem` under which it gets it whether it is given workers or not, bytes. */
  readonly neededMaintenanceWorkMemBytes: number;
  /** Rows after which an HNSW graph no longer fits and the build slows down several times; null when it fits. */
  readonly spillRow: number | null;
  /** Shared memory reserved at the start of a parallel build, bytes. */
  readonly sharedMemoryBytes: number;
  /** True when the build ends with an error for want of `maintenance_work_mem`: IVFFlat does not spill. */
  readonly fails: boolean;
}

/** A value of m or of the dimensions, and the size of the index there. */
export interface Step {
  readonly value: number;
  readonly bytes: number;
}

/** Where the size changes: an index page holds a whole number of vectors, so it grows in steps. */
export interface SizeSteps {
  /** Vectors that share a page; one half when a vector takes two. */
  readonly vectorsPerPage: number;
  /** The largest value of the named build parameter at the same vectors a page; null when the method has none such. */
  readonly freeParameter: { readonly name: string; readonly largest: Step } | null;
  /** Most dimensions of the stored value at the same vectors a page. */
  readonly roomiestDimensions: Step;
  /** One more, where the index grows; null beyond the method's limit. */
  readonly nextDimensions: Step | null;
  /** How many vectors share a page up to how many dimensions, from half of these on. */
  readonly packings: readonly PackingStep[];
}

/** The size of an index and the cost of building it, before it is built. */
export interface IndexPrediction {
  readonly pages: number;
  readonly bytes: number;
  /** Null for the exact scan, which builds nothing. */
  readonly build: BuildPrediction | null;
  readonly steps: SizeSteps | null;
}
