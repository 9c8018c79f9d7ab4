export { analyseHistory, type HistoryAnalysis, type MonthlyGrowth, type NotUnderstood } from './analyse.js';
export type { HistoryFinding } from './checks/registry.js';
export type { Sight } from './sight.js';
export type { DeployedTable, Deployment } from './deployment.js';
export type { Hazard, HazardCode, Lock, TableToLock, Work } from './hazards/hazard.js';
export {
  type FileProblemCode,
  type Format,
  FORMATS,
  type History,
  type Place,
  type ProblemCode,
  type Revision,
} from './history.js';
export type { UnreadMigrations } from './layouts/other-tools.js';
export type { PredictedBuild } from './vectors/predict-build.js';
export type { VectorFinding } from './vectors/vector-findings.js';
export type { IndexDefinition } from './effects.js';
export { type CatalogDifference, type CatalogEntry, compareCatalogs } from './proof/compare-catalogs.js';
export { type Lack, lackOf } from './proof/lack.js';
export {
  downgradeScripts,
  type ScriptOutcome,
  type ScriptToRun,
  scriptOfFile,
  squashedScripts,
  type StatementFailure,
  upgradeScripts,
} from './proof/scripts.js';
export { isMostlyLeftOut } from './proof/strength.js';
export {
  type Barrier,
  type BarrierReason,
  type Omission,
  type OmissionReason,
  type ParentChange,
  planSquash,
  type SquashGroup,
  type SquashPlan,
} from './squash/plan.js';
export { graphOf, includedIn } from './graph.js';
export { nameParts } from './sql/names.js';
export { readHistory } from './read-history.js';
