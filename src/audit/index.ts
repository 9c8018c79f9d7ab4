export {
  type Audit,
  auditDatabase,
  type AuditFinding,
  CHECK_NUMBERS,
  type DatabaseArea,
  type DatabaseCheckId,
  databaseChecks,
  type DatabaseFinding,
} from './audit.js';
export { type Counters, countersOf, countersSchema, countingFrom } from './counters.js';
export { REMEDY_STEPS, type Remedy, SAFE_STEPS } from './checks/database.js';
export { indexChecks, type IndexFinding } from './checks/indexes/registry.js';
export { type MeasurementFinding, measurementChecks } from './checks/measurement/registry.js';
export { MEASUREMENT_SETTINGS, type MeasurementSnapshot, type SettingValue } from './checks/measurement/snapshot.js';
export type { DiscouragedType } from './checks/schema/discouraged-type.js';
export { schemaChecks, type SchemaFinding } from './checks/schema/registry.js';
export type { MonitoringSetting } from './checks/monitoring/logging-gap.js';
export { monitoringChecks, type MonitoringFinding } from './checks/monitoring/registry.js';
export { nPlusOneChecks, type NPlusOneFinding } from './checks/n-plus-one/registry.js';
export { statementChecks, type StatementFinding } from './checks/statements/registry.js';
export { serverChecks, type ServerFinding } from './checks/server/registry.js';
export { vectorChecks, type VectorFinding } from './checks/vectors/registry.js';
export type { KeepReason } from './reasons-to-keep.js';
export type { Activity, Checkpoints, Horizon, ReplicationSlot, ServerSession, Standby } from './snapshot/activity.js';
export type { ForeignKeyLink } from './statements/foreign-key-link.js';
export type { StatementChange } from '../statements/index.js';
export { type PlanCause, planCauses } from './workload/plan-causes.js';
export type {
  PlannedScan,
  StatementRewrite,
  ServedStatement,
  StatementPlan,
  WorkloadIndex,
  WorkloadPlans,
} from './snapshot/plans.js';
export type { MeasuredIndex } from './snapshot/measured-index.js';
export { isWholeTable, type TunedChoice, type TunedIndex } from './snapshot/tuned-index.js';
export { sampledColumns } from './sampled-vectors.js';
export type { VectorSample, VectorSamples } from './snapshot/vector-sample.js';
export type { IndexCandidate } from './workload/consolidate.js';
export type { Want } from './workload/wants.js';
export { indexCandidates, indexDefinition } from './workload/index-candidates.js';
export { type CostSettings, indexScanCost } from './workload/index-cost.js';
export { rowsOf } from './relations.js';
export { isOfTheSystem } from './statements/of-the-system.js';
export {
  type LoggedDuration,
  type LoggedLoop,
  type LoggedStatement,
  type LogPlace,
  type Route,
  type StatementLog,
  UNIT_KINDS,
  type UnitKind,
} from './snapshot/log.js';
export {
  countersSince,
  type DatabaseSnapshot,
  type ManagedService,
  type ServerFacts,
  windowDays,
} from './snapshot/database.js';
export type {
  CheckConstraint,
  Column,
  ColumnStatistics,
  ForeignKey,
  Index,
  IndexKey,
  Sequence,
  Table,
  TableActivity,
} from './snapshot/relations.js';
export { commandOf, type ServerSetting } from './managed-services.js';
export { type ServerState, serverState } from './server-state.js';
export { unjudgedIndexes } from './unjudged-indexes.js';
export { largestSet, measurableIndexes } from './vector-indexes.js';
export { blocks, sharesOf, type Statement, type StatementStatistics, totalMs } from './snapshot/statements.js';
