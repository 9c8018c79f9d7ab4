/**
 * pgvtune as a library: the same pieces that the command line is made of.
 *
 * @packageDocumentation
 */
export { type Config, type ConfigInput, configOf, configSchema, resolveConfig } from './config/index.js';
export {
  type Dataset,
  type DatasetManifest,
  describeDataset,
  ensureDataset,
  exportDataset,
  generateSource,
  importDataset,
  listDatasets,
  openDataset,
} from './datasets/index.js';
export { EXIT, exitCodeOf, PgvtuneError } from './errors.js';
export { exactTruth, halfPrecision, judge, sparseTruth, type SparseMatrix, type Truth } from './exact/index.js';
export { type ExperimentOptions, type ExperimentResult, runExperiment } from './experiment/index.js';
export {
  createIndexSql,
  indexKinds,
  type IndexPrediction,
  predictIndex,
  predictQuery,
  validateSpec,
} from './indexes/index.js';
export {
  clean,
  type Cleaned,
  type CleanOptions,
  doctor,
  type DoctorReport,
  explain,
  type ExplainOptions,
  recall,
  type RecallOptions,
  runSearch,
  sampleTable,
  type SampleTableOptions,
  type SearchOptions,
} from './library/index.js';
export { type Note, type Reporter, silentReporter, type Stage, type Task } from './progress.js';
export { textOf, textsIn, vectorOptimization, viewRun, writeReports } from './reports/index.js';
export {
  type Ask,
  type BuildRecord,
  type PointRecord,
  readRun,
  type Reply,
  type RunFiles,
  type RunManifest,
  type Search,
  type TuneAnswer,
} from './results/index.js';
export {
  benchFromConfig,
  defaultFamilies,
  grid,
  namedFamilies,
  type Space,
  tune,
  tuneFromConfig,
} from './tune/index.js';
export type { Situation } from './workloads/index.js';
export type { IndexSpec, Metric, SearchSettings, Representation, Target, Workload } from './vocabulary.js';
