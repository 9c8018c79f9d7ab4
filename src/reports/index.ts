export { type DistanceSpread, distanceSpreadChart } from './charts/distance-spread.js';
export { pointsCsv } from './points-csv.js';
export { recallLatencyChart } from './charts/recall-latency.js';
export { drawSvg } from './charts/draw.js';
export { capacitySentence } from './throughput-section.js';
export { reuseSentence } from './reuse.js';
export {
  describeChoice,
  pointOf,
  type PointView,
  quantileText,
  recommendedRecall,
  type RunView,
  viewRun,
} from './run-view.js';
export { type Language, textOf, textsIn, whyUnchecked } from './text/index.js';
export { vectorOptimization } from './vector-optimization.js';
export { writeReports } from './write-reports.js';
