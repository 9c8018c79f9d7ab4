export { forColumnType, sparseNotTuned } from './column-type.js';
export type { LiveTableConfig } from './live-table.js';
export { commentedConfig } from './commented.js';
export { configJsonSchema } from './json-schema.js';
export { expandIndexes, type NamedIndex, storedAs } from './expand.js';
export { generateSchema, type GenerateSpec } from './generate.js';
export { configOf, resolveConfig } from './read.js';
export { type Config, type ConfigInput, configSchema, type IndexFamily, layoutOf, liveTableOf } from './schema.js';
export {
  type FilteredConfig,
  filteredWorkloads,
  type HybridConfig,
  hybridWorkloads,
  type WorkloadConfig,
} from './workloads.js';
