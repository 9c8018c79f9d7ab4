import { type CacheTools, findCacheTools, openStatementTimes, type StatementTimes } from '../../measure/index.js';
import { findExtension, type Server, type Session } from '../../postgres/index.js';
import type { CacheState } from '../../vocabulary.js';

/** What a server has to measure with, beside its queries. */
export interface Instruments {
  readonly cacheTools: CacheTools;
  /** Null where pg_stat_statements does not count. */
  readonly statementTimes: StatementTimes | null;
  /** True where nothing runs beside the one session. */
  readonly alone: boolean;
}

/**
 * Looks for them; extensions are created only on a server that belongs to this run.
 *
 * @throws {PgvtuneError} `environment` when the state of the caches that is asked for cannot be had
 */
export async function findInstruments(server: Server, session: Session, cache: CacheState): Promise<Instruments> {
  const { disposable, capabilities } = server;
  // Tells the parameters that an index was really built with; nothing but builds asks for it.
  await findExtension(session, 'pageinspect', { create: disposable });
  return {
    cacheTools: await findCacheTools(session, cache, { disposable }),
    statementTimes: await openStatementTimes(session),
    alone: capabilities.sessions === 1,
  };
}
