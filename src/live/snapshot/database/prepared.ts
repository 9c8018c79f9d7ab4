import { PgvtuneError } from '../../../errors.js';
import type { Session } from '../../../postgres/index.js';
import { prepare, undone } from '../../explain/application.js';
import { parameterTypes } from '../../explain/parameters.js';

/** Of its cost, that a change has to save a statement. */
const LEAST_SAVING = 0.5;

export const isWorthwhile = (costBefore: number, costAfter: number): boolean =>
  costAfter <= (1 - LEAST_SAVING) * costBefore;

interface Prepared {
  readonly name: string;
  /** NULL for each parameter: a generic plan does not look at them. */
  readonly literals: readonly string[];
  /** Of the parameters, as SQL wants them. */
  readonly types: readonly string[];
}

/**
 * Looks at a prepared statement.
 *
 * @param given types of its parameters, where the text alone would not show them all
 * @returns null where the server refuses the statement, or the look
 */
export async function prepared<T>(
  session: Session,
  query: string,
  look: (prepared: Prepared) => Promise<T>,
  given: readonly string[] = [],
): Promise<T | null> {
  let name: string | null = null;
  try {
    return await unlessRefused(session, async () => {
      name = await prepare(session, query, given);
      const types = await parameterTypes(session, name);
      return look({ name, literals: types.map(() => 'NULL'), types });
    });
  } finally {
    // Others may share the backend, and a rollback leaves it there.
    if (name !== null) await session.query(`DEALLOCATE "${name as string}"`);
  }
}

/** @returns null where the server refuses something */
export async function unlessRefused<T>(session: Session, work: () => Promise<T>): Promise<T | null> {
  try {
    return await undone(session, work);
  } catch (error) {
    if (!isOfOneStatement(error instanceof PgvtuneError ? error.sqlstate : undefined)) throw error;
    return null;
  }
}

/** Whether an error says something of one statement, such as a right that is missing, and nothing of the server. */
export const isOfOneStatement = (sqlstate: string | undefined): boolean =>
  sqlstate !== undefined && !OF_SERVER.test(sqlstate);

/** Connections, resources, cancellation, disks. */
const OF_SERVER = /^(?:08|53|57|58)/;
