export { exportDataset, type ExportOptions } from './export-dataset.js';
export type { FieldOptions, FileFormat } from './format.js';
export { endOf, fileFormats, filesOf } from './registry.js';
export { nameOfFile } from './input-file.js';
export { openSource, type SourceFileOptions } from './open-source.js';
