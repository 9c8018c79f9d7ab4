export { drive } from './drive.js';
export { type ExperimentOptions, type ExperimentResult, runExperiment, type Situation } from './run.js';
