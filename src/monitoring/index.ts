export { BLINDNESS, type Blindness, blindnessOf } from './blindness.js';
export { type CounterTotals, createBoundedCounters } from './bounded-counters.js';
export { type ServerLook, type StatementCounters, vectorIndexesOf } from './look.js';
export {
  DATABASE_COUNTERS,
  type DatabaseCounter,
  INDEX_COUNTERS,
  type MonitorView,
  PROBE_STATES,
  type ProbedRecall,
  type ProbeState,
  type RecallProbe,
  type SeenServer,
  STATEMENT_COUNTERS,
  TABLE_COUNTERS,
} from './view.js';
