import { bytesOfElements, type ColumnType, hnswSpillRow } from '../../indexes/index.js';
import { type BuildSample, shareDone } from './build-sample.js';

/** What decides when an HNSW graph outgrows its memory, as far as it can be seen from another session. */
export interface HnswBuildFacts {
  readonly type: ColumnType;
  readonly dimensions: number;
  readonly m: number;
  readonly parallelWorkers: number;
  /** Major version of PostgreSQL. */
  readonly pgVersion: number;
  readonly maintenanceWorkMemBytes: number;
}

/** The row from which on every row is inserted on disk, several times slower. */
export interface ExpectedSpill {
  readonly row: number;
  readonly rows: number;
  readonly maintenanceWorkMemBytes: number;
  /** True when the build is past it. */
  readonly passed: boolean;
}

/** Where the model expects the graph to outgrow `maintenance_work_mem`; null when it fits, or rows cannot be told yet. */
export function expectedSpill(facts: HnswBuildFacts, sample: BuildSample): ExpectedSpill | null {
  const share = shareDone(sample);
  const rows = share !== null && share > 0.01 ? Math.round(sample.tuples.done / share) : sample.tableRows;
  if (rows === null || rows <= 0) return null;
  const build = { ...facts, valueBytes: bytesOfElements(facts.type, facts.dimensions) };
  const row = hnswSpillRow(build, rows, facts.maintenanceWorkMemBytes);
  return row === null
    ? null
    : { row, rows, maintenanceWorkMemBytes: facts.maintenanceWorkMemBytes, passed: sample.tuples.done >= row };
}
