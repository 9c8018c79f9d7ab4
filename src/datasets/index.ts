export type {
  Block,
  Column,
  ColumnType,
  Dataset,
  DatasetManifest,
  DeclaredNeighbours,
  RowData,
  VectorChecks,
} from './store/dataset.js';
export type { DatasetSource, SourceBatch } from './import/source.js';
export { MAX_DIMENSIONS } from './store/manifest.js';
export { HELD_OUT_QUERIES, queriesBeside } from './import/hold-out.js';
export { importDataset, type ImportOptions } from './import/import.js';
export { findDataset, listDatasets, openDataset, type StoredDataset } from './store/open.js';
export { ensureDataset, type EnsureOptions } from './import/ensure.js';
export { describeDataset, type DatasetDescription, type SampledRow } from './describe/describe.js';
export type { ColumnDescription, ValueShare } from './describe/column-values.js';
export type { DistanceSpread } from './describe/distance-spread.js';
export type { Geometry } from './describe/geometry.js';
export type { DatasetRemark } from './describe/remarks.js';
export { guessLanguage, type LanguageGuess } from './describe/language.js';
export { generateSource } from './generate/index.js';
export { type DatasetPair, idsOf, type PairSide, readPair } from './pair/read-pair.js';
export { verifyDataset, type VerifyOptions } from './store/verify.js';
export { judgementsOfQueries, type Judgements, readQrels } from './import/judgements.js';
export { readRerankScores, type RerankScores } from './import/rerank-scores.js';
export { resolveName } from './store/names.js';
export {
  exportDataset,
  fileFormats,
  openSource,
  type ExportOptions,
  type FieldOptions,
  type FileFormat,
  type SourceFileOptions,
} from './formats/index.js';
