import { z } from 'zod';
import { findingKind } from '../../findings.js';
import { cacheJudgementSchema } from './cache-judgement.js';

const count = z.number().int().min(0);
const share = z.number().min(0).max(1);

/*
 * What a reader must know beside the figures of a measurement. One line a kind; `reports/text` has the sentences.
 */

/* Of what went on around it. */
export const measuredAgain = findingKind('measured-again', 'info', z.strictObject({ attempts: count }));
export const checkpoint = findingKind('checkpoint', 'medium', z.strictObject({ checkpoints: count }));
export const vacuum = findingKind('vacuum', 'medium', z.strictObject({ runs: count }));
export const autovacuum = findingKind('autovacuum', 'medium', z.strictObject({ workers: count }));
export const otherSessions = findingKind('other-sessions', 'medium', z.strictObject({ sessions: count }));
export const cpuSteal = findingKind('cpu-steal', 'medium', z.strictObject({ share }));
export const swapping = findingKind('swapping', 'medium', z.strictObject({ pages: count }));
export const cpuFrequency = findingKind(
  'cpu-frequency',
  'medium',
  z.strictObject({ beforeMhz: z.number(), afterMhz: z.number() }),
);
export const busyMachine = findingKind(
  'busy-machine',
  'medium',
  z.strictObject({ share: z.number(), idleShare: z.number() }),
);
const moveSchema = z.strictObject({ beforeMs: z.number(), afterMs: z.number() });
export const canaryMoved = findingKind(
  'canary-moved',
  'medium',
  /** Null for what did not move. */
  z.strictObject({ roundTrip: moveSchema.nullable(), cpu: moveSchema.nullable() }),
);

/* Of the data. */
export const queriesInBase = findingKind(
  'queries-in-base',
  'medium',
  z.strictObject({ inBase: count, queries: count }),
);
export const duplicates = findingKind('duplicates', 'medium', z.strictObject({ share }));
export const ties = findingKind('ties', 'medium', z.strictObject({ share }));

/* Of the answers and the times. */
export const shortAnswers = findingKind(
  'short-answers',
  'medium',
  z.strictObject({ share, meanCompleteness: z.number() }),
);
export const clientFloor = findingKind(
  'client-floor',
  'medium',
  z.strictObject({ floorMs: z.number(), medianMs: z.number() }),
);
export const floorAboveMedian = findingKind(
  'floor-above-median',
  'medium',
  z.strictObject({ floorMs: z.number(), medianMs: z.number() }),
);
/** Medians of the server's own time, and of the client's. */
export const serverAboveClient = findingKind(
  'server-above-client',
  'medium',
  z.strictObject({ serverMs: z.number(), medianMs: z.number() }),
);
export const emptyTruth = findingKind('empty-truth', 'medium', z.strictObject({ queries: count }));
export const notCached = findingKind('not-cached', 'medium', cacheJudgementSchema);
export const notSteady = findingKind('not-steady', 'medium', z.strictObject({ blocks: count }));
export const planCacheMode = findingKind('plan-cache-mode', 'medium', z.strictObject({ mode: z.string() }));
export const genericPlanDiffers = findingKind(
  'generic-plan-differs',
  'medium',
  z.strictObject({ generic: z.string(), custom: z.string() }),
);

export const figureRefused = findingKind(
  'figure-refused',
  'medium',
  /** Where in the record it was. */
  z.strictObject({ figure: z.string() }),
);

/* Of the build. */
export const builtAgain = findingKind('built-again', 'medium', z.strictObject({ attempts: count }));
export const hnswBuildSpilled = findingKind('hnsw-build-spilled', 'medium', z.strictObject({ rows: count }));
export const ivfflatLittleData = findingKind('ivfflat-little-data', 'high', z.strictObject({}));

/* Of a load. */
export const queryErrors = findingKind(
  'errors',
  'medium',
  /** By SQLSTATE. */
  z.strictObject({ share, bySqlstate: z.record(z.string(), count) }),
);
export const clientBound = findingKind('client-bound', 'medium', z.strictObject({ busyShare: share }));
export const clientLate = findingKind(
  'client-late',
  'medium',
  z.strictObject({ lagP99Ms: z.number(), p99Ms: z.number() }),
);
export const sharedProcessors = findingKind(
  'shared-processors',
  'info',
  z.strictObject({ cores: count, clientShare: share }),
);
export const lateQueries = findingKind('late', 'info', z.strictObject({ share }));

/** A finding in a record. */
export const findingSchema = z.discriminatedUnion('code', [
  measuredAgain.schema,
  checkpoint.schema,
  vacuum.schema,
  autovacuum.schema,
  otherSessions.schema,
  cpuSteal.schema,
  swapping.schema,
  cpuFrequency.schema,
  busyMachine.schema,
  canaryMoved.schema,
  queriesInBase.schema,
  duplicates.schema,
  ties.schema,
  shortAnswers.schema,
  clientFloor.schema,
  floorAboveMedian.schema,
  serverAboveClient.schema,
  emptyTruth.schema,
  notCached.schema,
  notSteady.schema,
  planCacheMode.schema,
  genericPlanDiffers.schema,
  figureRefused.schema,
  builtAgain.schema,
  hnswBuildSpilled.schema,
  ivfflatLittleData.schema,
  queryErrors.schema,
  clientBound.schema,
  clientLate.schema,
  sharedProcessors.schema,
  lateQueries.schema,
]);
export type RecordedFinding = z.infer<typeof findingSchema>;
