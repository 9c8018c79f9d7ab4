import type { FindingOf } from '../../../findings.js';
import { autovacuumBehind } from './autovacuum-behind.js';
import { autovacuumOff } from './autovacuum-off.js';
import { blockedSessions } from './blocked-sessions.js';
import { cacheMisses } from './cache-misses.js';
import { connectionsNearLimit } from './connections-near-limit.js';
import { deadlocks } from './deadlocks.js';
import { durabilityOff } from './durability-off.js';
import { idleInTransaction } from './idle-in-transaction.js';
import { memoryOvercommitted } from './memory-overcommitted.js';
import { neverAnalyzed } from './never-analyzed.js';
import { randomPageCost } from './random-page-cost.js';
import { requestedCheckpoints } from './requested-checkpoints.js';
import { rollbacks } from './rollbacks.js';
import { slotRetainsWal } from './slot-retains-wal.js';
import { standbyLag } from './standby-lag.js';
import { temporaryFiles } from './temporary-files.js';
import { vacuumBlocked } from './vacuum-blocked.js';
import { wraparound } from './wraparound.js';

/** How the server is configured and maintained, and what its sessions do. */
export const serverChecks = [
  durabilityOff,
  wraparound,
  memoryOvercommitted,
  blockedSessions,
  vacuumBlocked,
  idleInTransaction,
  connectionsNearLimit,
  autovacuumOff,
  autovacuumBehind,
  slotRetainsWal,
  standbyLag,
  requestedCheckpoints,
  neverAnalyzed,
  cacheMisses,
  temporaryFiles,
  deadlocks,
  rollbacks,
  randomPageCost,
] as const;

export type ServerFinding = FindingOf<(typeof serverChecks)[number]>;
