import { PgvtuneError } from '../../errors.js';
import type { Session } from '../../postgres/index.js';
import { calledFunctions } from '../../statements/index.js';

/**
 * A function that is declared VOLATILE may do anything, or return another value at each call: nothing that is measured twice
 * may call one. What writes rows is refused by the server, in a read-only transaction.
 *
 * @param tree of PostgreSQL's grammar
 * @param what it is, for the message: `The expression "…"`
 * @throws {PgvtuneError} `usage`
 */
export async function refuseVolatile(session: Session, tree: unknown, what: string): Promise<void> {
  const called = calledFunctions(tree);
  if (called.length === 0) return;
  const [found] = await session.query<{ name: string }>(
    `SELECT format('%s', p.oid::regproc) AS name
       FROM unnest($1::text[], $2::text[]) AS called(schema, name)
       JOIN pg_proc p ON p.proname = called.name
       JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE p.provolatile = 'v'
        AND CASE WHEN called.schema = '' THEN pg_function_is_visible(p.oid) ELSE n.nspname = called.schema END
      ORDER BY 1 LIMIT 1`,
    [called.map(({ schema }) => schema ?? ''), called.map(({ name }) => name)],
  );
  if (!found) return;
  throw new PgvtuneError('usage', `${what} calls ${found.name}, which is VOLATILE: it may have side effects.`, {
    hint: 'Leave it out: every call could change something, or answer otherwise.',
  });
}
