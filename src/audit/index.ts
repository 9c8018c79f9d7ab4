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
export { REMEDY_STEPS, type Remedy, SAFE_STEPS } from './checks/database.js';
export { indexChecks, type IndexFinding } from './checks/indexes/registry.js';
export { type MeasurementFinding, measurementChecks } from './checks/measurement/registry.js';
export { MEASUREMENT_SETTINGS, type MeasurementSnapshot, type SettingValue } from './checks/measurement/snapshot.js';
export type { KeepReason } from './reasons-to-keep.js';
export {
  countersSince,
  type DatabaseSnapshot,
  type ManagedService,
  type ServerFacts,
  windowDays,
} from './snapshot/database.js';
export type {
  Column,
  ColumnStatistics,
  ForeignKey,
  Index,
  IndexKey,
  Table,
  TableActivity,
} from './snapshot/relations.js';
