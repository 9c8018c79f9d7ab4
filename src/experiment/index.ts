export { drive } from './drive.js';
export type { Cell, FilterCase } from './filter-cases.js';
export { type LiveRecallOptions, measureLiveRecall } from './live-recall.js';
export type { LiveIndex, LiveMeasured, LivePlanEvidence, LiveRecall } from './live-recall-report.js';
export {
  type ExperimentOptions,
  type ExperimentResult,
  runExperiment,
  type Shape,
  shapeOf,
  type Situation,
} from './run.js';
