import type { FindingOf } from '../../../findings.js';
import { autoExplain } from './auto-explain.js';
import { autovacuum } from './autovacuum.js';
import { buildMemory } from './build-memory.js';
import { busyMachine } from './busy-machine.js';
import { debugBuild } from './debug-build.js';
import { extensionOutdated } from './extension-outdated.js';
import { jit } from './jit.js';
import { knownDefects } from './known-defects.js';
import { memorySum } from './memory-sum.js';
import { noCreate } from './no-create.js';
import { noExtension } from './no-extension.js';
import { noExtensionUsage } from './no-extension-usage.js';
import { noIterativeScan } from './no-iterative-scan.js';
import { notNative } from './not-native.js';
import { oldPgvector } from './old-pgvector.js';
import { oldPostgresql } from './old-postgresql.js';
import { otherSessions } from './other-sessions.js';
import { planCacheMode } from './plan-cache-mode.js';
import { plannerMethodOff } from './planner-method-off.js';
import { readOnly } from './read-only.js';
import { serialBuilds } from './serial-builds.js';
import { singleConnection } from './single-connection.js';
import { smallSharedBuffers } from './small-shared-buffers.js';
import { smallSharedMemory } from './small-shared-memory.js';
import { statementLogging } from './statement-logging.js';
import { transactionPooler } from './transaction-pooler.js';

/** What could distort a measurement; findings of one severity are reported in this order. */
export const measurementChecks = [
  oldPostgresql,
  noExtension,
  noExtensionUsage,
  oldPgvector,
  readOnly,
  noCreate,
  singleConnection,
  transactionPooler,
  plannerMethodOff,
  debugBuild,
  memorySum,
  smallSharedMemory,
  knownDefects,
  noIterativeScan,
  notNative,
  otherSessions,
  busyMachine,
  planCacheMode,
  statementLogging,
  autoExplain,
  smallSharedBuffers,
  buildMemory,
  jit,
  serialBuilds,
  extensionOutdated,
  autovacuum,
] as const;

export type MeasurementFinding = FindingOf<(typeof measurementChecks)[number]>;
