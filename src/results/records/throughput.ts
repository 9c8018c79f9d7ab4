import { z } from 'zod';
import { measurementKind } from './kind.js';
import { reasonSchema } from './reason.js';
import { conditionsSchema } from './conditions.js';
import { estimateSchema } from './estimate.js';
import { findingSchema } from './finding.js';
import { measuredSchema, planEvidenceSchema } from './point.js';
import { searchSettingsSchema, workloadSchema } from '../../vocabulary.js';

/** How queries come under load. */
export const loadModeSchema = z.discriminatedUnion('kind', [
  /** Each connection sends its next query when the last one is answered. */
  z.strictObject({
    kind: z.literal('closed'),
    concurrency: z.number().int().min(1),
    seconds: z.number().positive(),
    /** Absent: the first measurement of this load. */
    repeat: z.number().int().min(1).optional(),
  }),
  /** Queries are due by a schedule, whatever became of those before; a pool of connections serves them. */
  z.strictObject({
    kind: z.literal('open'),
    arrivals: z.enum(['poisson', 'constant']),
    ratePerSecond: z.number().positive(),
    connections: z.number().int().min(1),
    seconds: z.number().positive(),
  }),
]);
export type LoadMode = z.infer<typeof loadModeSchema>;

/** What is asked of a build whose index is alone on its table: serve many queries at once. */
const requestSchema = z.strictObject({
  /** Key of the build record. */
  build: z.string(),
  workload: workloadSchema,
  settings: searchSettingsSchema,
  /** How many of the run's queries are asked in turn: the first ones, in the run's own random order. */
  queries: z.number().int().min(1),
  /** Position of the first of them in that order; absent: 0. */
  from: z.number().int().min(1).optional(),
  mode: loadModeSchema,
});
export type ThroughputRequest = z.infer<typeof requestSchema>;

/** What became of the schedule of an open loop. */
export const scheduleKeptSchema = z.strictObject({
  /** Queries that the schedule held. */
  due: z.number().int(),
  /** Found no connection free when they were due. */
  late: z.number().int(),
  /** Had not been sent when the time was over, and never were. */
  dropped: z.number().int(),
  /** From the time a query was due to its actual start; null when none started. */
  lagMs: z.strictObject({ p50: z.number(), p99: z.number() }).nullable(),
});
export type ScheduleKept = z.infer<typeof scheduleKeptSchema>;

export const throughputFiguresSchema = z.strictObject({
  settingsReadBack: z.record(z.string(), z.string()),
  plan: planEvidenceSchema,
  /** Queries answered within the window, per second; the interval rests on slices of the window. */
  ratePerSecond: estimateSchema,
  /** From the start of a query in a closed loop, from the time it was due in an open one. */
  latencyMs: measuredSchema.shape.latencyMs,
  /** Name of the clock that took the times. */
  clock: z.string().optional(),
  /** Queries that the server refused, by SQLSTATE. They are in no other figure. */
  errors: z.record(z.string(), z.number().int()),
  /** Of each client thread: the share of time in which it had something to do. */
  eventLoopUtilisation: z.array(z.number()),
  /** Processors kept busy on average, of those that this machine has; `server` is null where it cannot be seen. */
  cpu: z.strictObject({ cores: z.number().int(), client: z.number(), server: z.number().nullable() }),
  /**
   * Little-endian Float32 arrays in base64, one value a query in order of the starts, milliseconds: the start from the
   * beginning of the window; the latency; and the lag behind the schedule, empty for a closed loop.
   */
  samples: z.strictObject({ startMs: z.string(), latencyMs: z.string(), lagMs: z.string() }),
});
export type ThroughputFigures = z.infer<typeof throughputFiguresSchema>;

export const throughputKind = measurementKind({
  name: 'throughput',
  request: requestSchema,
  figures: {
    /** `failed`: also when a rate could not be delivered. That is an answer, but no figure. */
    status: z.enum(['ok', 'void', 'failed']),
    /** Null when `status` is `ok`. */
    reason: reasonSchema.nullable(),
    /** Null for a closed loop, and for a load that never began. */
    schedule: scheduleKeptSchema.nullable(),
    /** What went on around it; null for a load that never began. */
    conditions: conditionsSchema.nullable(),
    /** Present only when `status` is `ok`. */
    measured: throughputFiguresSchema.nullable(),
    findings: z.array(findingSchema),
  },
});
export type ThroughputRecord = z.infer<typeof throughputKind.record>;
