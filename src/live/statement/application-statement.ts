import { metricOfOperator } from '../../indexes/index.js';
import { applySettings, explainQuery, ident, refusalOf, type Session } from '../../postgres/index.js';
import {
  loadGrammar,
  type ParameterValues,
  readSearchStatement,
  refusedSearch,
  type SearchStatement,
} from '../../statements/index.js';
import type { Metric } from '../../vocabulary.js';
import { findTable, ownSearchPath } from '../catalog/find-table.js';
import type { LiveTable } from '../catalog/table.js';
import { refuseVolatile, volatileAmong } from './side-effects.js';

export interface ApplicationStatement extends Pick<
  SearchStatement,
  'original' | 'text' | 'root' | 'limit' | 'drawn' | 'logged' | 'vector' | 'withColumns'
> {
  /** Name of the operator that it orders by: `<=>`. */
  readonly operator: string;
  /** What the table of the vectors is called in it. */
  readonly tableName: string;
}

/**
 * Reads a search of the nearest rows of `table`.
 *
 * @throws {PgvtuneError} `usage` for what is no such search, or may have side effects
 */
export async function readApplicationStatement(
  session: Session,
  table: LiveTable,
  given: string,
  parameters?: ParameterValues,
): Promise<ApplicationStatement> {
  await loadGrammar();
  const { nearest, relations, ...statement } = readSearchStatement(given, parameters);
  refuseVolatile(await volatileAmong(session, statement.root), 'The statement');
  const own: string[] = [];
  for (const { schema, name, alias } of relations) {
    if (nearest.alias !== null && nearest.alias !== alias) continue;
    const found = await findTable(session, schema === null ? ident(name) : `${ident(schema)}.${ident(name)}`).catch(
      () => null,
    );
    if (found?.oid === table.oid) own.push(alias);
  }
  const [alias] = own;
  if (alias === undefined || own.length > 1 || nearest.column !== table.column.name) {
    throw refusedSearch(`it does not order by ${table.label}.${table.column.name}, once`);
  }
  return { ...statement, operator: nearest.operator, tableName: alias };
}

/**
 * Has the server plan it.
 *
 * @throws {PgvtuneError} `usage` for what the server refuses
 */
export async function checkStatement(session: Session, text: string, values: readonly string[]): Promise<void> {
  await explainQuery(session, text, values).catch((error: unknown) => {
    const refusal = refusalOf(error);
    throw refusal ? refusedSearch(refusal.why, { cause: error }) : error;
  });
}

/** A search of an application, as what looks for an index for it has to know it. */
export interface SearchOf extends Pick<ApplicationStatement, 'original' | 'limit' | 'drawn' | 'logged'> {
  readonly table: LiveTable;
  readonly metric: Metric;
  /** Whether it has conditions, or joins other tables, either of which may leave rows out. */
  readonly filters: boolean;
  /** What it finds names by. */
  readonly path: string;
}

/**
 * Reads a search in a transaction, whose `search_path` becomes that of the role.
 *
 * @throws {PgvtuneError} `usage`, as {@link readApplicationStatement}
 */
export async function readSearchOf(
  session: Session,
  table: LiveTable,
  given: string,
  parameters: ParameterValues,
): Promise<SearchOf> {
  const path = await ownSearchPath(session);
  await applySettings(session, { search_path: path });
  const { original, limit, drawn, logged, operator } = await readApplicationStatement(
    session,
    table,
    given,
    parameters,
  );
  const { nearest, relations } = readSearchStatement(given, parameters);
  const metric = metricOfOperator(operator);
  if (!metric) throw refusedSearch(`it orders by ${operator}, which is no operator of pgvector's`);
  return { original, limit, drawn, logged, table, metric, filters: nearest.filtered || relations.length > 1, path };
}
