export type {
  BuildParameter,
  ChoiceKnob,
  IndexKind,
  NoticeRule,
  NumberParameter,
  NumberKnob,
  SearchKnob,
  StartingPoint,
  RepresentationSupport,
} from './kind.js';
export { listOf, listText, mostOf, numberOf, optionsOf, parametersOf, recallKnob } from './kind.js';
export { buildFindings, indexKind, indexKinds, kindOfIndex } from './registry.js';
export { columnType, columnTypeSql, isReranked, storedValue, usualRepresentations } from './representations.js';
export {
  bitText,
  indexedExpression,
  metricOfOperator,
  operatorClassFor,
  operatorFor,
  operatorOfClass,
  orderByExpression,
  orderByOperators,
  queryParameter,
} from './operators.js';
export { createIndexSql } from './ddl.js';
export { createTableSql, describeLayout, partsOf, rowsOfIndex, storedTables } from './layout.js';
export { createColumnIndexSql, describeColumnIndex } from './column-index.js';
export type { PartitionedCopy, PlacedIndex, PlacedIndexes, PlacementOptions } from './placement.js';
export { placedTables, placeIndexes, predictPlacedBytes, queriedTable } from './placement.js';
export { type Defect, defectsOf, isOlder } from './defects.js';
export { describeChoice, describeRepresentation, describeSettings, describeSpec } from './describe.js';
export { gucs, searchSettingsOf } from './settings.js';
export type { SpecContext, UnstorableNumber } from './validate.js';
export { problemOfSpec, validateSpec } from './validate.js';
export { readmeLists, readmeProbes, squareRootLists } from './rules-of-thumb.js';
export type { ColumnType, StoredValue } from './page-layout.js';
export { bytesOfElements, INDEX_PAGE_BYTES, maxAlign, packedBytes, PAGE_BYTES, valueBytes } from './page-layout.js';
export type { HnswLayout } from './hnsw-pages.js';
export {
  hnswElementsPerPage,
  hnswMaxLevel,
  hnswPages,
  hnswPagesClosedForm,
  hnswPagesOfLevels,
  sampleHnswLevel,
  simulateHnswPages,
} from './hnsw-pages.js';
export { type BtreeLayout, btreePages } from './btree-pages.js';
export { ivfflatListPages, ivfflatPages, ivfflatPagesOfLists, ivfflatRowsPerPage } from './ivfflat-pages.js';
export type { HeapPages } from './heap-pages.js';
export {
  heapPages,
  heapRowsPerPage,
  ROW_HEADER_BYTES,
  TOAST_POINTER_BYTES,
  TOAST_THRESHOLD_BYTES,
  toastChunks,
  toastPages,
} from './heap-pages.js';
export type { BuildSeconds, BuildTimeInput } from './build-time.js';
export { hnswInsertSeconds, onDiskFactor, predictBuildSeconds } from './build-time.js';
export type { HnswBuild, IvfflatMemory } from './build-memory.js';
export {
  ASSUMED_PG_VERSION,
  hnswBytesPerElement,
  hnswNeededMaintenanceWorkMem,
  hnswSharedMemory,
  hnswSpillRow,
  ivfflatMemory,
  ivfflatMemoryError,
} from './build-memory.js';
export type { BuildWorkersInput } from './parallel-workers.js';
export { hnswBuildWorkers, plannedBuildWorkers } from './parallel-workers.js';
export type { PlanInput, PlannerSettings, PlanPrediction, PlanStretch, ScanCost, ScanCostInput } from './planner.js';
export {
  COST_MODEL_SINCE,
  PLANNER_DEFAULTS,
  hnswScanCost,
  hnswVisitedRows,
  indexScanNodeCost,
  ivfflatScanCost,
  planStretches,
  predictPlan,
} from './planner.js';
export type { ScanWork, ScanWorkInput } from './work.js';
export { exactWork, hnswWork, ivfflatWork, rerankBuffers } from './work.js';
export type { PackingStep } from './steps.js';
export {
  hnswStepTable,
  ivfflatStepTable,
  largestFreeM,
  roomiestHnswDimensions,
  roomiestIvfflatDimensions,
} from './steps.js';
export type { BuildPrediction, IndexPrediction, PredictionInput, SizeSteps, Step } from './prediction.js';
export type { TableAndIndexPrediction } from './predict.js';
export { predictIndex } from './predict.js';
export type { QueryPrediction } from './predict-query.js';
export { predictQuery } from './predict-query.js';
export { type BuildSettings, majorVersion, type ServerLimits, serverLimits } from './server-settings.js';
