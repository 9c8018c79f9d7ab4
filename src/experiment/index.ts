export { withRowIds } from './filtered/row-ids.js';
export { drive } from './drive.js';
export type { ExperimentOptions } from './options.js';
export { shapeOf } from './prepare.js';
export { type ExperimentResult, runExperiment } from './run.js';
export type { Scratch } from './migrations/build.js';
export { compareWithLive, proveSquash, type SquashProof } from './migrations/prove.js';
export { type HistoryTimes, timeHistory } from './migrations/time-history.js';
export { runStatement, type StatementRunOptions, type StatementSituation } from './statement/run.js';
