import { PgvtuneError } from '../../errors.js';
import { qualified, type Session } from '../../postgres/index.js';

/** A table, partitioned table or materialised view that this role may read. */
export interface FoundTable {
  readonly oid: number;
  readonly label: string;
  readonly quoted: string;
}

const WHAT_IT_IS: Readonly<Record<string, string>> = {
  v: 'a view',
  f: 'a foreign table',
  i: 'an index',
  I: 'an index',
  S: 'a sequence',
  c: 'a composite type',
  t: 'a TOAST table',
};

interface CatalogTable extends Omit<FoundTable, 'quoted'> {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly readable: boolean;
  readonly grant: string;
}

/**
 * What the role's own statements find names by, then what the session's do: as a value of `search_path`.
 *
 * @param beside its schema comes last
 */
export async function ownSearchPath(session: Session, beside?: FoundTable): Promise<string> {
  const [path] = await session.query<{ all: string }>(
    `SELECT concat_ws(', ', nullif(reset_val, ''), setting,
              (SELECT quote_ident(n.nspname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.oid = $1)) AS all
       FROM pg_settings WHERE name = 'search_path'`,
    [beside?.oid ?? null],
  );
  return path!.all;
}

/** Sessions have the extension's schema alone in their `search_path`; what users call `docs` is by their own. */
async function withOwnSearchPath<T>(
  session: Session,
  beside: FoundTable | undefined,
  look: () => Promise<T>,
): Promise<T> {
  const set = (path: string): Promise<unknown> => session.query(`SELECT set_config('search_path', $1, false)`, [path]);
  const own = await ownSearchPath(session, beside);
  const [pinned] = await session.query<{ path: string }>(`SELECT current_setting('search_path') AS path`);
  await set(own);
  const found = await look();
  await set(pinned!.path);
  return found;
}

/**
 * @param table as in SQL: `items`, `app.items`, `"We.ird"."Table"`; without a schema, one of the schemas in the role's
 *   own `search_path`
 * @param beside a table to be joined with it; a name without a schema may then be one in that table's schema
 * @throws {PgvtuneError} `usage` when there is no such table, or it is of another kind; `server` with 42501 when the role
 *   may not read it
 */
export async function findTable(session: Session, table: string, beside?: FoundTable): Promise<FoundTable> {
  const { isView, ...found } = await findRelation(session, table, beside);
  if (isView) throw noTable(found.label, 'v');
  return found;
}

/** The same for a table or a view. */
export async function findRelation(
  session: Session,
  name: string,
  beside?: FoundTable,
): Promise<FoundTable & { readonly isView: boolean }> {
  const found = await withOwnSearchPath(session, beside, () => lookUp(session, name));
  if (!found) {
    throw new PgvtuneError('usage', `There is no table ${name} in this database.`, {
      hint: beside ? 'Name it with its schema, as app.documents.' : await tablesWithVectors(session),
    });
  }
  const { oid, schema, name: relation, label, kind, readable, grant } = found;
  if (!['r', 'p', 'm', 'v'].includes(kind)) throw noTable(label, kind);
  if (!readable) {
    throw new PgvtuneError('server', `This role may not read ${label}.`, {
      hint: `Let its owner run: ${grant}`,
      sqlstate: '42501',
    });
  }
  return { oid, label, quoted: qualified(schema, relation), isView: kind === 'v' };
}

const noTable = (label: string, kind: string): PgvtuneError =>
  new PgvtuneError('usage', `${label} is ${WHAT_IT_IS[kind] ?? 'no table'}.`, {
    hint: 'Name the table that holds the vectors.',
  });

async function lookUp(session: Session, table: string): Promise<CatalogTable | undefined> {
  const rows = await session
    .query<CatalogTable>(
      `SELECT c.oid, n.nspname AS schema, c.relname AS name, format('%I.%I', n.nspname, c.relname) AS label,
              c.relkind AS kind, has_table_privilege(c.oid, 'SELECT') AS readable,
              format('GRANT SELECT ON %I.%I TO %I;', n.nspname, c.relname, current_user) AS grant
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = to_regclass($1)`,
      [table],
    )
    .catch((error: unknown) => {
      const misspelt =
        error instanceof PgvtuneError && ['42601', '42602', '22023', '0A000'].includes(error.sqlstate ?? '');
      throw misspelt
        ? new PgvtuneError('usage', `Expected a table such as app.items, got "${table}".`, { cause: error })
        : error;
    });
  return rows[0];
}

/** What could have been meant: the tables with vectors that this role may read. */
async function tablesWithVectors(session: Session): Promise<string> {
  const rows = await session.query<{ name: string }>(
    `SELECT DISTINCT format('%I.%I', n.nspname, c.relname) AS name
       FROM pg_attribute a
       JOIN pg_class c ON c.oid = a.attrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_type t ON t.oid = a.atttypid
      WHERE t.typname IN ('vector', 'halfvec', 'sparsevec') AND c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition
        AND NOT a.attisdropped AND has_table_privilege(c.oid, 'SELECT')
      ORDER BY 1 LIMIT 6`,
  );
  if (rows.length === 0) return 'No table with vectors can be read by this role: check the database and the role.';
  const names = rows.slice(0, 5).map(({ name }) => name);
  return `Tables with vectors are ${names.join(', ')}${rows.length > 5 ? ', …' : ''}.`;
}
