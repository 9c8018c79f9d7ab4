import { type KnownRelation, relationsNamed } from '../../statements/index.js';
import { ident, qualified, type Session } from '../../postgres/index.js';

type Root = Parameters<typeof relationsNamed>[0];

/** The relations that a statement names, with their columns; those that do not exist are left out. */
export async function readRelations(session: Session, root: Root): Promise<readonly KnownRelation[]> {
  const found: KnownRelation[] = [];
  for (const { schema, name } of relationsNamed(root)) {
    const columns = await session.query<KnownRelation['columns'][number]>(
      `SELECT a.attname::text AS name, t.typname::text AS type,
              (SELECT count(*)::int FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
                WHERE i.indrelid = a.attrelid AND m.amname IN ('hnsw', 'ivfflat') AND i.indkey[0] = a.attnum) AS "vectorIndexes"
         FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped`,
      [relationText({ schema, name })],
    );
    if (columns.length > 0) found.push({ schema, name, columns });
  }
  return found;
}

export const relationText = ({ schema, name }: { readonly schema: string | null; readonly name: string }): string =>
  schema === null ? ident(name) : qualified(schema, name);
