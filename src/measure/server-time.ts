import {
  findExtension,
  type Parameter,
  readSettings,
  type Session,
  type Statement,
  unlessForbidden,
} from '../postgres/index.js';

/** What pg_stat_statements has counted of one statement. */
export interface StatementCount {
  readonly calls: number;
  readonly executionMs: number;
}

/** Reads the server's own times of a statement that this session has prepared. */
export interface StatementTimes {
  /** The server's number for the statement, by which it counts. */
  identify(statement: Statement, literals: readonly string[]): Promise<string | null>;
  read(queryId: string): Promise<StatementCount>;
}

/** Null where the extension is missing, does not count, or may not be read. */
export async function openStatementTimes(session: Session): Promise<StatementTimes | null> {
  const schema = await findExtension(session, 'pg_stat_statements', { create: false });
  if (schema === null) return null;
  const settings = await readSettings(session, ['pg_stat_statements.track', 'compute_query_id']);
  // The settings exist only where the library was loaded when the server started.
  if (!['top', 'all'].includes(settings['pg_stat_statements.track'] ?? '')) return null;
  // Since PostgreSQL 14 the server itself numbers statements, and EXPLAIN tells the number.
  if (!('compute_query_id' in settings)) return null;
  const count = {
    name: 'pgvtune_statement_times',
    // Without the texts, which lie in a file.
    text: `SELECT coalesce(sum(calls), 0), coalesce(sum(total_exec_time), 0) FROM ${schema}.pg_stat_statements(false)
            WHERE queryid = $1 AND userid = (SELECT oid FROM pg_roles WHERE rolname = current_user)
              AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND toplevel`,
  };
  const read = async (queryId: Parameter): Promise<StatementCount> => {
    const [row] = await session.execute(count, [queryId]);
    return { calls: Number(row?.[0]), executionMs: Number(row?.[1]) };
  };
  if ((await unlessForbidden(read(0))) === null) return null;
  return {
    async identify({ name }, literals) {
      // Not as JSON: the number has more digits than JavaScript's.
      const lines = await session.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN (VERBOSE) EXECUTE "${name}" (${literals.join(', ')})`,
      );
      return lines.map((line) => /^Query Identifier: (-?\d+)$/.exec(line['QUERY PLAN'])?.[1]).find(Boolean) ?? null;
    },
    read,
  };
}

/** Begins to count. @returns tells what the statement came to since; null where the server does not number it */
export async function countStatement(
  times: StatementTimes,
  statement: Statement,
  literals: readonly string[],
): Promise<(() => Promise<StatementCount>) | null> {
  const id = await times.identify(statement, literals);
  if (id === null) return null;
  const before = await times.read(id);
  return async () => {
    const after = await times.read(id);
    return { calls: after.calls - before.calls, executionMs: after.executionMs - before.executionMs };
  };
}

/**
 * The sum of the blocks so far and one more; null for good once a count is missing, or is not that of the block's
 * queries alone: somebody else runs the same statement.
 *
 * @param sum undefined before the first block
 */
export function addCount(
  sum: StatementCount | null | undefined,
  block: StatementCount | undefined,
  queries: number,
): StatementCount | null {
  if (sum === null || block?.calls !== queries) return null;
  return { calls: (sum?.calls ?? 0) + block.calls, executionMs: (sum?.executionMs ?? 0) + block.executionMs };
}
