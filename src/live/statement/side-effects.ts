import { PgvtuneError } from '../../errors.js';
import type { Session } from '../../postgres/index.js';
import { calledFunctions } from '../../statements/index.js';

export interface VolatileFunction {
  /** As a call names it, without its schema. */
  readonly name: string;
  /** With its schema, where that is needed. */
  readonly label: string;
}

/**
 * Functions among those that a statement calls by name that are declared VOLATILE: they may do anything, or return another
 * value at each call.
 *
 * @param tree of PostgreSQL's grammar
 */
export async function volatileAmong(session: Session, tree: unknown): Promise<readonly VolatileFunction[]> {
  const called = calledFunctions(tree);
  if (called.length === 0) return [];
  return session.query<{ name: string; label: string }>(
    `SELECT DISTINCT p.proname::text AS name, format('%s', p.oid::regproc) AS label
       FROM unnest($1::text[], $2::text[]) AS called(schema, name)
       JOIN pg_proc p ON p.proname = called.name
       JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE p.provolatile = 'v'
        AND CASE WHEN called.schema = '' THEN pg_function_is_visible(p.oid) ELSE n.nspname = called.schema END
      ORDER BY 2`,
    [called.map(({ schema }) => schema ?? ''), called.map(({ name }) => name)],
  );
}

/**
 * Nothing that is measured twice may call a volatile function. What writes rows is refused by the server, in a read-only
 * transaction.
 *
 * @param what it is, for the message: `The expression "…"`
 * @throws {PgvtuneError} `usage`
 */
export function refuseVolatile([found]: readonly VolatileFunction[], what: string): void {
  if (!found) return;
  throw new PgvtuneError('usage', `${what} calls ${found.label}, which is VOLATILE: it may have side effects.`, {
    hint: 'Leave it out: every call could change something, or answer otherwise.',
  });
}
