export type {
  Block,
  Column,
  ColumnType,
  Dataset,
  DatasetManifest,
  DeclaredNeighbours,
  RowData,
  VectorChecks,
} from './dataset.js';
export type { DatasetSource, SourceBatch } from './source.js';
export { MAX_DIMENSIONS } from './manifest.js';
export { importDataset, type ImportOptions } from './import-dataset.js';
export { findDataset, listDatasets, openDataset, type StoredDataset } from './open-dataset.js';
export { ensureDataset, type EnsureOptions } from './ensure-dataset.js';
export { describeDataset, type DatasetDescription, type SampledRow } from './describe.js';
export type { ColumnDescription, ValueShare } from './column-values.js';
export type { Geometry } from './geometry.js';
export type { LanguageGuess } from './language.js';
export { generateSource } from './generate/index.js';
export { type LiveTableOptions, type LiveTableReport, type LiveTableSource, openLiveTable } from './live-table.js';
export { verifyDataset, type VerifyOptions } from './verify-dataset.js';
export { judgementsOfQueries, type Judgements, readQrels } from './judgements.js';
export { resolveName } from './names.js';
export {
  exportDataset,
  fileFormats,
  openSource,
  type ExportOptions,
  type FieldOptions,
  type FileFormat,
  type SourceFileOptions,
} from './formats/index.js';
