export {
  type Baseline,
  type BenchAnswer,
  type CapacityAnswer,
  type ChurnAnswer,
  type BuildVariance,
  type SustainedRate,
  sustainedRatesOf,
  type Rejection,
  type TuneAnswer,
} from './records/answer.js';
export type { Configuration, ServedByConfiguration, ServedWorkload } from './records/configuration.js';
export { type SampledColumn, type TableNames, tableNamesSchema } from './records/table-names.js';
export type { ControlOutcome, ControlRecord } from './records/control.js';
export type { GateAnswer } from './records/gate-answer.js';
export type { FilterAnswer, FilteredAnswer, FilterOption, StrategyOn } from './records/filter-answer.js';
export type { FilterLimit, FilterMiss, FilterObstacle, FilterShortfall } from './records/filter-obstacle.js';
export type {
  Advice,
  Binding,
  BoundName,
  DefaultIndex,
  Growth,
  Need,
  RepresentationVerdict,
  RepresentationWhy,
  WayOut,
} from './records/advice.js';
export type { Stranded } from './records/stranded.js';
export type { Choice } from './records/choice.js';
export type { SubsetChoice } from './records/subset-choice.js';
export type { ConfidencePrice } from './records/confidence-price.js';
export type { CostComparison, Upkeep } from './records/cost-comparison.js';
export { type BudgetUse, type Omission } from './records/omission.js';
export type { Ground } from './records/grounds.js';
export type { Unmet } from './records/unmet.js';
export type { NotBuilt, WhyNot } from './records/why-not.js';
export type { Difference, FusionChoice, HybridAnswer, HybridOption } from './records/hybrid-answer.js';
export type { Ranking } from './records/ranking.js';
export type { HybridDecision, HybridLimit, HybridObstacle, HybridRemark } from './records/hybrid-facts.js';
export type { CanaryReading, Conditions } from './records/conditions.js';
export { type EarlierRuns, noEarlierRuns, readEarlierRuns, UNDECIDING_SETTINGS } from './store/earlier-runs.js';
export { keptServerOf, noteKeptServer } from './store/kept-server.js';
export { type Journal, openJournal, readJournal } from './store/journal.js';
export {
  type BuildRecord,
  type BuildRequest,
  type BuiltIndex,
  builtIndexes,
  type PartitionIndex,
  scannedIndexes,
} from './records/build.js';
export { type Estimate, estimateSchema } from './records/estimate.js';
export * as findings from './records/finding.js';
export type { RecordedFinding } from './records/finding.js';
export type { FoundObstacle, SearchObstacle, SearchRemedy } from './records/search-obstacle.js';
export * as recallFindings from './records/recall-finding.js';
export type { RecallFinding } from './records/recall-finding.js';
export type { CacheJudgement } from './records/cache-judgement.js';
export { type OtherPlan, planInstead, type Reason, type TableScan, type WantedPlan } from './records/reason.js';
export { type FusionsRecord, type FusionsRequest, type TextLegFigures } from './records/fusions.js';
export { type PagesRecord, type PagesRequest, type PageWalk } from './records/pages.js';
export { type PlannerMapRecord, type PlannerMapRequest } from './records/planner-map.js';
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
} from './records/point.js';
export {
  type AnswerRecord,
  type JournalRecord,
  type LoadRecord,
  type PreparationRecord,
  RECORD_VERSION,
  recordSchema,
  type RunManifest,
  tuneAnswerOf,
} from './records/records.js';
export {
  type LoadMode,
  type ScheduleKept,
  type ThroughputFigures,
  type ThroughputRecord,
  type ThroughputRequest,
} from './records/throughput.js';
export { type PlansRecord, type PlansRequest } from './records/plans.js';
export type { ChurnRecord, ChurnRequest, ChurnState } from './records/churn.js';
export type {
  CopiedTable,
  StatementAnswer,
  StatementOption,
  StatementStep,
  StatementSubject,
  StatementWithIndexRecord,
  StatementWithIndexRequest,
  StatementWithoutIndexRecord,
  StatementWithoutIndexRequest,
  TunedParameter,
} from './records/statement.js';
export { type WriteCost, type WritesRecord, type WritesRequest } from './records/writes.js';
export {
  checkNewRun,
  createRun,
  listRuns,
  type OpenRun,
  readRun,
  resumeRun,
  type RunFiles,
} from './store/run-folder.js';
export { runName } from './store/run-name.js';
export { makeFolder, writeAtomically } from './store/durable-file.js';
export { type Ask, ask, askTogether, at, type MeasurementAsk, release, type Reply, type Search } from './search.js';
export { type ShardedPoint, type ShardedRecord, type ShardedRequest } from './records/sharded.js';
export { jsonSchemaOf, type SchemaName } from './records/json-schema.js';
export {
  type DatasetKind,
  type KindName,
  type StatementKind,
  keyOf,
  KINDS,
  type RecordOf,
  type RequestOf,
} from './records/kinds.js';
