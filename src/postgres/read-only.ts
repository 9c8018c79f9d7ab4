import { PgvtuneError } from '../errors.js';
import type { Session } from './session.js';

export interface ReadOnlyOptions {
  /**
   * Milliseconds that a statement may take, as far as the server is to see to it: it gives the client, which has the
   * same deadline, a few seconds to cancel the statement itself.
   */
  readonly deadlineMs: number;
}

/** A client that died must not hold a snapshot, and with it vacuum, for longer. */
const IDLE_TIMEOUT = '5min';
const GRACE_MS = 5000;

/**
 * Runs `work` on one snapshot in a transaction that the server lets write nothing, and rolls it back. The only locks on
 * relations that it can take are those of reading (`ACCESS SHARE`).
 */
export function readOnly<T>(session: Session, options: ReadOnlyOptions, work: () => Promise<T>): Promise<T> {
  return session
    .rolledBack(async () => {
      await restrict(session, options);
      return work();
    })
    .catch(offerMoreTime);
}

/** The same around a stream, which may be left before its end. */
export async function* readOnlyStream<T>(
  session: Session,
  options: ReadOnlyOptions,
  stream: () => AsyncIterable<T>,
): AsyncGenerator<T> {
  await session.query('BEGIN');
  try {
    await restrict(session, options);
    yield* stream();
  } catch (error) {
    offerMoreTime(error);
  } finally {
    // After an abort no statement is sent any more; the end of the session ends the transaction.
    await session.query('ROLLBACK').catch(() => undefined);
  }
}

/** The one deadline that a reader sets itself. */
function offerMoreTime(error: unknown): never {
  if (!(error instanceof PgvtuneError) || error.sqlstate !== '57014') throw error;
  throw new PgvtuneError(error.code, error.message, {
    hint: 'Give a statement more time (--deadline), or look at fewer rows (--where). What keeps the server busy or locked shows in pg_stat_activity.',
    sqlstate: error.sqlstate,
    cause: error,
  });
}

async function restrict(session: Session, { deadlineMs }: ReadOnlyOptions): Promise<void> {
  await session.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  await session.query(
    `SELECT set_config('statement_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $2, true)`,
    [`${Math.ceil(deadlineMs) + GRACE_MS}ms`, IDLE_TIMEOUT],
  );
}
