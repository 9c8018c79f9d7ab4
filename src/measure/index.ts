export {
  type Arm,
  type ArmEvidence,
  checkSettings,
  scanOf,
  type TableUnderTest,
  VoidPoint,
  type WantedScan,
  withArm,
} from './arm.js';
export {
  type ArmLoss,
  type ArmSamples,
  type BlockOptions,
  isRefusal,
  measureBlocks,
  refusalOf,
  type Schedule,
} from './blocks.js';
export { checkPlans } from './check-plans.js';
export { type CacheTools, emptyCaches, findCacheTools, prewarm, type Relations } from './cache-state.js';
export { type Clock, monotonicClock } from './clock.js';
export { type Conditions, type Watch, watchConditions } from './conditions.js';
export { toConditions } from './conditions-record.js';
export { otherWorkBetween, readMachine } from './machine.js';
export { ownProcesses } from './processes.js';
export { measureClientFloor, type NullQuery, nullQuery } from './floor.js';
export { type Clients, type LoadOptions, type LoadSamples, measureLoad } from './load/measure-load.js';
export type { Window } from './load/client.js';
export { bothPlans, countPlans, lookAtPlanCache, type PlanCacheLook, type PlanCounts } from './plan-cache.js';
export { plannerSettings } from './planner-settings.js';
export { measureTransactionCost } from './transaction-cost.js';
export { openStatementTimes, type StatementTimes } from './server-time.js';
