export {
  type Baseline,
  type BenchAnswer,
  type BuildVariance,
  type Capacity,
  type Choice,
  type FilterAnswer,
  type FilteredAnswer,
  type FilterOption,
  type TuneAnswer,
} from './answer.js';
export type { Advice } from './advice.js';
export type { Difference, FusionChoice, HybridAnswer, HybridOption } from './hybrid-answer.js';
export type { CanaryReading, Conditions } from './conditions.js';
export { type EarlierRuns, noEarlierRuns, readEarlierRuns } from './earlier-runs.js';
export { type Journal, openJournal, readJournal } from './journal.js';
export { type BuildRecord, type BuildRequest, type BuiltIndex, builtIndexes } from './build-record.js';
export { type Estimate } from './estimate.js';
export { type Finding } from './finding.js';
export { type FusionsRecord, type FusionsRequest } from './fusions-record.js';
export { type PlannerMapRecord, type PlannerMapRequest } from './planner-map-record.js';
export {
  type Histogram,
  type Judged,
  type Measured,
  type PlanCache,
  type PlanEvidence,
  type PointRecord,
  type PointRequest,
  type Quantile,
  type Recall,
} from './point-record.js';
export {
  type AnswerRecord,
  type JournalRecord,
  type LoadRecord,
  RECORD_VERSION,
  recordSchema,
  type RunManifest,
} from './records.js';
export {
  type LoadMode,
  type ScheduleKept,
  type ThroughputFigures,
  type ThroughputRecord,
  type ThroughputRequest,
} from './throughput-record.js';
export { type WritesRecord, type WritesRequest } from './writes-record.js';
export {
  checkNewRun,
  createRun,
  listRuns,
  type OpenRun,
  readRun,
  resumeRun,
  type RunFiles,
  writeAtomically,
} from './run-folder.js';
export {
  type Ask,
  askBuild,
  askFusions,
  askPlannerMap,
  askPoints,
  askThroughput,
  askWrites,
  release,
  type Reply,
  type Search,
} from './search.js';
