export { withRowIds } from './filtered/row-ids.js';
export { drive } from './drive.js';
export type { ExperimentOptions } from './options.js';
export { shapeOf } from './prepare.js';
export { type ExperimentResult, runExperiment } from './run.js';
export {
  compareWithLive,
  type HistoryTimes,
  proveSquash,
  type Scratch,
  type SquashProof,
  timeHistory,
} from './migrations/prove.js';
export { runStatement, type StatementRunOptions, type StatementSituation } from './statement/run.js';
