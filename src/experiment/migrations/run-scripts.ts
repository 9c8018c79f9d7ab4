import { performance } from 'node:perf_hooks';
import { PgvtuneError } from '../../errors.js';
import {
  lackOf,
  type Place,
  type ScriptOutcome,
  type ScriptToRun,
  type StatementFailure,
} from '../../migrations/index.js';
import { ident, type Session } from '../../postgres/index.js';

/** A statement of a migration may build an index or rewrite a table. */
const DEADLINE_MS = 30 * 60_000;

/**
 * Runs scripts one after the other, each in a transaction of its own except for the statements that must be outside of one.
 * Stops at the first that fails.
 *
 * @param leaveOut a statement that fails and may lack what it needs is left out instead
 */
export async function runScripts(
  session: Session,
  scripts: readonly ScriptToRun[],
  leaveOut = false,
): Promise<readonly ScriptOutcome[]> {
  const outcomes: ScriptOutcome[] = [];
  await prepare(session, scripts);
  for (const script of scripts) {
    const start = performance.now();
    const leftOut: StatementFailure[] = [];
    const failure = await runOne(session, script, leaveOut ? leftOut : null);
    const { revision, isPartial } = script;
    outcomes.push({ revision, ms: performance.now() - start, failure, leftOut, isPartial });
    if (failure) break;
  }
  return outcomes;
}

/** Schemas that the history uses but never creates exist beforehand; names without one are those of `public`. */
async function prepare(session: Session, scripts: readonly ScriptToRun[]): Promise<void> {
  for (const schema of new Set(scripts.flatMap(({ schemas }) => schemas))) {
    await session.query(`CREATE SCHEMA IF NOT EXISTS ${ident(schema)}`);
  }
  await session.query('SET search_path TO public');
  await session.query("SET lock_timeout = '60s'");
}

async function runOne(
  session: Session,
  { statements, refusedAt }: ScriptToRun,
  leftOut: StatementFailure[] | null,
): Promise<StatementFailure | null> {
  if (refusedAt) return { place: refusedAt, sqlstate: null, lacks: null };
  let open = false;
  try {
    for (const { sql, place, inTransaction, mayFail, mayLack } of statements) {
      const isForgiven = mayFail || (mayLack && leftOut !== null);
      try {
        if (inTransaction !== open) await session.query(open ? 'COMMIT' : 'BEGIN');
        open = inTransaction;
        if (isForgiven && open) await session.query('SAVEPOINT pgvtune_conditional');
        await session.query(sql, [], { deadlineMs: DEADLINE_MS });
      } catch (error) {
        if (!(error instanceof PgvtuneError) || error.code === 'interrupted') throw error;
        const failure = failureOf(error, place);
        if (!isForgiven) return failure;
        if (!mayFail) leftOut?.push(failure);
        if (open) await session.query('ROLLBACK TO SAVEPOINT pgvtune_conditional');
      }
    }
    if (open) await session.query('COMMIT');
    open = false;
    return null;
  } catch (error) {
    if (error instanceof PgvtuneError && error.code !== 'interrupted')
      return failureOf(error, statements.at(-1)!.place);
    throw error;
  } finally {
    if (open) await session.query('ROLLBACK').catch(() => undefined);
  }
}

function failureOf({ message, cause, ...error }: PgvtuneError, place: Place): StatementFailure {
  const sqlstate = error.sqlstate ?? null;
  return { place, sqlstate, lacks: lackOf(sqlstate, cause instanceof Error ? cause.message : message) };
}
