export { drive } from './drive.js';
export { type ExperimentOptions, type ExperimentResult, runExperiment, shapeOf } from './run.js';
