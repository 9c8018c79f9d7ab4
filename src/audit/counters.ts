import { z } from 'zod';
import { PgvtuneError } from '../errors.js';
import { isUnread } from '../findings.js';
import type { Activity, Checkpoints } from './snapshot/activity.js';
import type { DatabaseSnapshot } from './snapshot/database.js';
import type { Index, TableActivity } from './snapshot/relations.js';
import type { Statement, StatementStatistics } from './snapshot/statements.js';

/*
 * The counters of a snapshot, kept so that those of a later one can be judged over a window that is known. Counters of PostgreSQL
 * add up since somebody reset them, which may be a year ago.
 */

const number = z.number();
const time = z.iso.datetime();

const tableCounters = {
  sequentialScans: number,
  sequentialRowsRead: number,
  indexScans: number,
  inserts: number,
  updates: number,
  hotUpdates: number,
  deletes: number,
};
const statementCounters = {
  calls: number,
  rows: number,
  executionMs: number,
  planningMs: number,
  blocksHit: number,
  blocksRead: number,
  temporaryBlocksWritten: number,
  walBytes: number,
  ioMs: number,
  jitMs: number,
};
const activityCounters = {
  blocksHit: number,
  blocksRead: number,
  commits: number,
  rollbacks: number,
  deadlocks: number,
  temporaryFiles: number,
  temporaryBytes: number,
};

/** What `pgvtune audit snapshot` writes. */
export const countersSchema = z.strictObject({
  kind: z.literal('pgvtune-audit-counters'),
  version: z.literal(1),
  database: z.string(),
  takenAt: time,
  tables: z.array(z.strictObject({ oid: number, ...tableCounters })),
  indexes: z.array(z.strictObject({ oid: number, scans: number, entriesRead: number })),
  activity: z.strictObject({
    ...activityCounters,
    activeMs: number.nullable(),
    idleInTransactionMs: number.nullable(),
  }),
  checkpoints: z.strictObject({ timed: number, requested: number }),
  /** Null where pg_stat_statements could not be read. */
  statements: z
    .array(
      z.strictObject({ id: z.string(), role: z.string(), ...statementCounters, meanMs: number, deviationMs: number }),
    )
    .nullable(),
});
export type Counters = z.infer<typeof countersSchema>;

const namesOf = <Shape extends object>(shape: Shape) => Object.keys(shape) as (keyof Shape)[];

function pick<Key extends string>(from: Readonly<Record<Key, number>>, keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Record<Key, number>;
}

export const countersOf = (snapshot: DatabaseSnapshot): Counters => ({
  kind: 'pgvtune-audit-counters',
  version: 1,
  database: snapshot.server.database,
  takenAt: snapshot.server.takenAt,
  tables: snapshot.tables.map(({ oid, activity }) => ({ oid, ...pick(activity, namesOf(tableCounters)) })),
  indexes: snapshot.indexes.map(({ oid, scans, entriesRead }) => ({ oid, scans, entriesRead })),
  activity: {
    ...pick(snapshot.activity, namesOf(activityCounters)),
    activeMs: snapshot.activity.activeMs,
    idleInTransactionMs: snapshot.activity.idleInTransactionMs,
  },
  checkpoints: pick(snapshot.checkpoints, ['timed', 'requested']),
  statements: isUnread(snapshot.statements)
    ? null
    : snapshot.statements.statements.map((statement) => ({
        id: statement.id,
        role: statement.role,
        ...pick(statement, namesOf(statementCounters)),
        meanMs: statement.meanMs,
        deviationMs: statement.deviationMs,
      })),
});

/**
 * A snapshot whose counters count from an earlier one. Those that were reset in between count from then, as they are.
 *
 * @throws {PgvtuneError} `usage` where the counters are of another database, or later than the snapshot
 */
export function countingFrom(before: Counters, snapshot: DatabaseSnapshot): DatabaseSnapshot {
  const { server } = snapshot;
  if (before.database !== server.database || before.takenAt >= server.takenAt) {
    throw new PgvtuneError(
      'usage',
      `The counters are of database ${before.database} at ${before.takenAt}, the snapshot is of ${server.database} at ${server.takenAt}.`,
      { hint: 'Give counters that were taken before, from the same database (pgvtune audit snapshot).' },
    );
  }
  const statements = statementsFrom(before, snapshot.statements);
  if (server.statisticsResetAt !== null && server.statisticsResetAt > before.takenAt)
    return { ...snapshot, statements };
  const tables = new Map(before.tables.map((table) => [table.oid, table]));
  const indexes = new Map(before.indexes.map((index) => [index.oid, index]));
  return {
    ...snapshot,
    server: { ...server, statisticsResetAt: before.takenAt },
    statements,
    tables: snapshot.tables.map((table) => ({
      ...table,
      activity: minus<TableActivity>(table.activity, tables.get(table.oid), namesOf(tableCounters)),
    })),
    indexes: snapshot.indexes.map((index) => minus<Index>(index, indexes.get(index.oid), ['scans', 'entriesRead'])),
    activity: {
      ...minus<Activity>(snapshot.activity, before.activity, namesOf(activityCounters)),
      activeMs: since(before.activity.activeMs, snapshot.activity.activeMs),
      idleInTransactionMs: since(before.activity.idleInTransactionMs, snapshot.activity.idleInTransactionMs),
    },
    checkpoints: {
      ...minus<Checkpoints>(snapshot.checkpoints, before.checkpoints, ['timed', 'requested']),
      resetAt: before.takenAt,
    },
  };
}

/** What was counted since; all that is counted where there was nothing before, or where it was reset. */
function minus<Of extends object>(
  after: Of,
  before: { readonly [Key in keyof Of]?: unknown } | undefined,
  keys: readonly (keyof Of)[],
): Of {
  const value = (of: { readonly [Key in keyof Of]?: unknown }, key: keyof Of): number => of[key] as number;
  if (!before || keys.some((key) => value(after, key) < value(before, key))) return after;
  return { ...after, ...Object.fromEntries(keys.map((key) => [key, value(after, key) - value(before, key)])) };
}

const since = (before: number | null, after: number | null): number | null =>
  before === null || after === null || after < before ? after : after - before;

function statementsFrom(before: Counters, statistics: DatabaseSnapshot['statements']): DatabaseSnapshot['statements'] {
  if (isUnread(statistics) || before.statements === null) return statistics;
  if (statistics.resetAt !== null && statistics.resetAt > before.takenAt) return statistics;
  const earlier = new Map(before.statements.map((statement) => [`${statement.role}/${statement.id}`, statement]));
  return {
    ...statistics,
    resetAt: before.takenAt,
    statements: statistics.statements
      .map((statement) => statementFrom(earlier.get(`${statement.role}/${statement.id}`), statement))
      .filter(({ calls }) => calls > 0)
      .toSorted((a, b) => b.executionMs - a.executionMs),
  } satisfies StatementStatistics;
}

/**
 * The variance of the calls in between follows from those before and after: M₂ = M₂ᵃ + M₂ᵇ + δ² nᵃ nᵇ / n.
 *
 * Source: Chan, Golub and LeVeque, Updating formulae and a pairwise algorithm for computing sample variances (1979), eq. 2.1.
 */
function statementFrom(before: NonNullable<Counters['statements']>[number] | undefined, after: Statement): Statement {
  const delta = minus<Statement>(after, before, namesOf(statementCounters));
  if (!before || delta === after || delta.calls === 0) return delta;
  const meanMs = delta.executionMs / delta.calls;
  const between = (meanMs - before.meanMs) ** 2 * ((before.calls * delta.calls) / after.calls);
  const squares = after.deviationMs ** 2 * after.calls - before.deviationMs ** 2 * before.calls - between;
  return { ...delta, meanMs, deviationMs: Math.sqrt(Math.max(0, squares) / delta.calls) };
}
