export { drive } from './drive.js';
export {
  type ExperimentOptions,
  type ExperimentResult,
  runExperiment,
  type Shape,
  shapeOf,
  type Situation,
} from './run.js';
