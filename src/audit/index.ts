export { type MeasurementFinding, measurementChecks } from './checks/measurement/registry.js';
export { MEASUREMENT_SETTINGS, type MeasurementSnapshot, type SettingValue } from './checks/measurement/snapshot.js';
