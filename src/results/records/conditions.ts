import { z } from 'zod';

/* What went on around a measurement. Null: it could not be known there. */

const count = z.number().int().min(0).nullable();
const beforeAndAfter = <T extends z.ZodType>(schema: T) => z.strictObject({ before: schema, after: schema });

/** Times of two things that always take the same, one of each a batch, milliseconds. */
const canaryReadingSchema = z.strictObject({
  /** An empty round trip, mean of the batch. */
  roundTripMs: z.array(z.number()),
  /** A loop of arithmetic in the client. */
  cpuMs: z.array(z.number()),
});
export type CanaryReading = z.infer<typeof canaryReadingSchema>;

export const conditionsSchema = z.strictObject({
  /** 1, or more when the measurement was begun anew because the server had been interrupted. */
  attempt: z.number().int().min(1),
  /** How many times the server was looked at. */
  looks: z.number().int(),
  server: z.strictObject({
    /** It was started again, recovered from a crash, or its statistics were reset. */
    interrupted: z.boolean(),
    /** Checkpoints that began. */
    checkpoints: count,
    /** VACUUM and ANALYZE of the table that ended. */
    vacuums: count,
    /** Rows of the table inserted, updated or deleted since it was loaded, or since the run was resumed. */
    changedRows: count,
    /** Most autovacuum workers seen at once, on any table. */
    autovacuumWorkers: count,
    /** Most sessions of others seen running a statement at once. */
    otherSessions: count,
  }),
  /** The client's machine, which is the server's, too, when the server runs there. */
  machine: z.strictObject({
    cores: z.number().int(),
    /** One-minute load average. */
    load: beforeAndAfter(z.number().nullable()),
    mhz: beforeAndAfter(z.number().nullable()),
    /** Share of processor time that went to other virtual machines. */
    stealShare: z.number().nullable(),
    /** Shares of processor time during the measurement: of programs that have no part in it, and unused. */
    otherWork: z.strictObject({ share: z.number().min(0), idleShare: z.number().min(0) }).nullable(),
    swappedPages: count,
  }),
  canary: beforeAndAfter(canaryReadingSchema),
});
export type Conditions = z.infer<typeof conditionsSchema>;
