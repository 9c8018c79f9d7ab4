export { type Baseline, type BenchAnswer, type Choice, type TuneAnswer } from './answer.js';
export { type Journal, openJournal, readJournal } from './journal.js';
export {
  type AnswerRecord,
  type BuildRecord,
  type BuildRequest,
  type Estimate,
  type Finding,
  type JournalRecord,
  type LoadRecord,
  type Measured,
  type PlanEvidence,
  type PointRecord,
  type PointRequest,
  type Quantile,
  type Recall,
  RECORD_VERSION,
  recordSchema,
  type RunManifest,
} from './records.js';
export { checkNewRun, createRun, listRuns, type OpenRun, readRun, resumeRun, type RunFiles, writeAtomically } from './run-folder.js';
export { type Ask, askBuild, askPoints, release, type Reply, type Search } from './search.js';
