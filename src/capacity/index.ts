export {
  type ColumnIndexPlan,
  FIXED_TYPES,
  type FixedType,
  keyBytes,
  MOST_BTREE_KEY_BYTES,
  type PlannedColumn,
  VARIABLE_TYPES,
  type VariableType,
} from './table/columns.js';
export { btreePages } from './table/btree-pages.js';
export { ginPages, heapsVocabulary } from './table/gin-pages.js';
export { rowLayout, type TableShape } from './table/row-layout.js';
export { tableSize, type TableSize } from './table/table-size.js';
export { type BuildResources } from './plan/build-resources.js';
export {
  type Assumption,
  type ImpossibleIndex,
  type IndexPlan,
  planTable,
  type PlanQuestion,
  type TablePlan,
} from './plan/plan.js';
export { type BuildSample, type BuildWait, LOADING_TUPLES, WAITING_FOR_TABLE } from './watch/build-sample.js';
export { type BuildState, judgeBuild, type WatchedBuild } from './watch/build-state.js';
export { forecastPhase, type PhaseForecast } from './watch/forecast.js';
export { type ExpectedSpill, expectedSpill, type HnswBuildFacts } from './watch/spill.js';
export {
  type ApplicationShape,
  type PoolAdvice,
  poolAdvice,
  type ProcessPool,
  type ServerCapacity,
} from './pool/advice.js';
export { type BackendCounts, type BusyBackends, busyBackends, type PoolCounters } from './pool/busy.js';
export { erlangC, serversNeeded } from './pool/erlang.js';
export { fitScalability, type LoadPoint, predictRate, type ScalabilityLaw } from './pool/scalability.js';
export { buildSecondsFrom } from './growth/build-seconds.js';
export { growthFacts } from './growth/from-run.js';
export { type HeldOut, holdOut } from './growth/held-out.js';
export {
  fitGrowth,
  GROWTH_FIGURES,
  type GrowthFigure,
  type GrowthPoint,
  measuredFigure,
  type Predicted,
} from './growth/laws.js';
export { type MachinePlan, type MachinePrice, machineSchema, priceMachines } from './growth/machines.js';
export { rowsThatFit } from './growth/memory.js';
export {
  type CapacityQuestion,
  type GrowthFacts,
  type GrowthPlan,
  growthPlan,
  type Horizon,
  type LimitCode,
  type RowLimit,
} from './growth/plan.js';
export { type Upkeep, type UpkeepPlan, upkeepPlan, type Wear, WORN } from './upkeep/upkeep.js';
