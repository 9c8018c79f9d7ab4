export { analyseHistory, type HistoryAnalysis, type MonthlyGrowth, type NotUnderstood } from './analyse.js';
export type { HistoryFinding } from './checks/registry.js';
export type { Sight } from './checks/snapshot.js';
export { type FileProblemCode, type Format, FORMATS, type History, type Place, type ProblemCode } from './history.js';
export { readHistory } from './read-history.js';
