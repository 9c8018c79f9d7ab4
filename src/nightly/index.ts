export { type GateJudgement, judgeGate } from './gate/judge.js';
export { type Cause } from './gate/causes.js';
export { DEFAULT_RULES, type GateRules } from './gate/decide.js';
export { gateFromConfig } from './gate/from-config.js';
export { historyOf, type TrendView } from './history/history.js';
export {
  type Drift,
  type DriftComparison,
  type DriftFigure,
  type DriftSamples,
  judgeDrift,
  MOST_COMPARED,
  MOST_REFERENCE,
  type Region,
} from './drift/drift.js';
export { compareRecall, parseLiveRecall, type RecallChange, type RecallUnlikeness } from './drift/recall-change.js';
export { type Answer } from './answer.js';
export {
  type Compared,
  compareRuns,
  type FailedBuild,
  type RunComparison,
  type SeriesComparison,
  type SettingComparison,
} from './compare/compare-runs.js';
export { type EqualRecall } from './compare/curves.js';
export { type FigureComparison, type FigureName, type Interest, type Need } from './compare/figures.js';
export { type Change, type Unlikeness } from './compare/likeness.js';
