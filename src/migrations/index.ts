export { analyseHistory, type HistoryAnalysis, type MonthlyGrowth, type NotUnderstood } from './analyse.js';
export type { HistoryFinding } from './checks/registry.js';
export type { Sight } from './sight.js';
export type { DeployedTable } from './hazards/collect-hazards.js';
export type { Hazard, HazardCode, Lock, Work } from './hazards/hazard.js';
export { type FileProblemCode, type Format, FORMATS, type History, type Place, type ProblemCode } from './history.js';
export type { VectorFinding } from './vectors/vector-findings.js';
export type { IndexDefinition } from './effects.js';
export { readHistory } from './read-history.js';
