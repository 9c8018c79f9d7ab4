export { bettingDifference, bettingInterval, bettingSequence, type Interval } from './betting.js';
export { type CacheJudgement, judgeCache } from './cache-state.js';
export { calibrate, type Calibration, type CostPoint } from './calibrate.js';
export { costPoints } from './calibrate-points.js';
export { compareBlocks, type Comparison, judgeSlowdown, pairsNeeded, type Verdict } from './compare.js';
export { completenessHistogram, type CompletenessHistogram } from './completeness.js';
export { conditionFindings, moveOf, voidReason } from './conditions.js';
export { type CostCurve, type Crossover, crossovers } from './crossover.js';
export { dataFindings } from './data-findings.js';
export { holm } from './holm.js';
export { histogramOf } from './histogram.js';
export {
  compareQuality,
  estimateQuality,
  type JudgedQuality,
  judgeRankings,
  type QualityDifference,
} from './judgement-summary.js';
export { guessKnob, type KnobPoint } from './knob-guess.js';
export { summariseLatency } from './latency.js';
export { estimateMean } from './mean.js';
export { isotonic } from './monotone.js';
export { normalCdf, normalQuantile } from './normal.js';
export { queriesNeeded, queriesToShow } from './needed.js';
export { epsilonFront, type Objectives, paretoFront } from './pareto.js';
export { planCacheFindings } from './plan-cache-findings.js';
export { pointFindings } from './point-findings.js';
export { estimateQuantiles, nearestRank } from './quantiles.js';
export { overlapAt, rankBiasedOverlap, topWeight } from './rank-overlap.js';
export { type Grades, judgedRecallAt, ndcgAt, reciprocalRankAt } from './rank-quality.js';
export { depthCurve, type DepthCurve, type DepthQuality } from './rank-quality-by-depth.js';
export { type Answers, recallPerQuery, type RecallSummary, summariseRecall } from './recall.js';
export { decodeFloat32, decodeInt32, decodeUint16, encodeFloat32, encodeInt32, encodeUint16 } from './samples.js';
export {
  type AnsweredRequests,
  estimateRate,
  summariseLoadLatency,
  summariseSchedule,
  whyUndelivered,
} from './throughput.js';
export { type LoadEvidence, throughputFindings } from './throughput-findings.js';
export {
  type CellChoice,
  type StrategyCell,
  type StrategyFigures,
  strategyMap,
  type StrategyRow,
} from './strategy-map.js';
export { studentQuantile } from './student.js';
export { isSteady } from './trend.js';
export { crossValidate, type CrossValidation } from './weights.js';
