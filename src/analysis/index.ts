export {
  bettingConfidence,
  bettingInterval,
  bettingLowerBound,
  bettingSequence,
  type Interval,
} from './stats/betting.js';
export { judgeCache } from './estimates/cache-state.js';
export { calibrate, type Calibration, type CostPoint } from './estimates/calibrate.js';
export { costPoints } from './estimates/calibrate-points.js';
export {
  blockLogRatios,
  compareBlocks,
  type Comparison,
  judgeSlowdown,
  pairsNeeded,
  type Verdict,
} from './estimates/compare.js';
export { completenessHistogram, type CompletenessHistogram } from './estimates/completeness.js';
export { conditionFindings, moveOf, voidReason } from './findings/conditions.js';
export { crossover, type RatioAt } from './estimates/crossover.js';
export { dataFindings } from './findings/data.js';
export { holm } from './stats/holm.js';
export { histogramOf } from './stats/histogram.js';
export {
  compareQualities,
  compareQuality,
  estimateQuality,
  type JudgedQuality,
  judgeRankings,
  type QualityDifference,
} from './estimates/judgement-summary.js';
export { guessKnob, type KnobPoint } from './estimates/knob-guess.js';
export { summariseLatency } from './estimates/latency.js';
export { latencyQuantile } from './estimates/latency-quantile.js';
export { leastReaching } from './estimates/least-reaching.js';
export { estimateMean } from './stats/mean.js';
export { estimateProportion } from './stats/proportion.js';
export { rowsPerValue } from './estimates/rows-per-value.js';
export { median } from './stats/median.js';
export { isotonic } from './stats/isotonic.js';
export { normalCdf, normalDensity, normalQuantile } from './stats/normal.js';
export { queriesNeeded, queriesToShow } from './estimates/needed.js';
export { epsilonFront, type Objectives, paretoFront } from './estimates/pareto.js';
export { planCacheFindings } from './findings/plan-cache.js';
export { floorFindings, pointFindings, serverFindings } from './findings/point.js';
export { estimateQuantiles, nearestRank } from './stats/quantiles.js';
export { overlapAt, rankBiasedOverlap, topWeight } from './estimates/rank-overlap.js';
export { type Grades, judgedRecallAt, ndcgAt, reciprocalRankAt } from './estimates/rank-quality.js';
export { depthCurve, type DepthCurve, type DepthQuality } from './estimates/rank-quality-by-depth.js';
export {
  type Answers,
  recallPerQuery,
  recallsOfPoint,
  shownRecall,
  withAnswersOf,
  type RecallSummary,
  summariseRecall,
} from './estimates/recall.js';
export {
  decodeFloat32,
  decodeInt32,
  decodeUint16,
  encodeFloat32,
  encodeInt32,
  encodeUint16,
} from './estimates/samples.js';
export {
  type AnsweredRequests,
  estimateRate,
  summariseLoadLatency,
  summariseSchedule,
  whyUndelivered,
} from './estimates/throughput.js';
export { type LoadEvidence, throughputFindings } from './findings/throughput.js';
export { studentQuantile } from './stats/student.js';
export { permutationTest, type PermutationTest, type SplitStatistic } from './stats/permutation.js';
export { pairedDifferences } from './stats/paired-bootstrap.js';
export { signedRankShift } from './stats/wilcoxon.js';
export { chiSquare, energyDistance, kolmogorovSmirnov } from './stats/two-samples.js';
export { isSteady } from './stats/trend.js';
export { confidenceOfEach, jointConfidence } from './stats/confidence-of-each.js';
export { crossValidate, type CrossValidation } from './estimates/weights.js';
export { type DisturbedLoad, hasFallen, sortOutLoads } from './estimates/disturbed-loads.js';
