import { type KnownRelation, relationsNamed } from '../../statements/index.js';
import { ident, qualified, type Session } from '../../postgres/index.js';

type Root = Parameters<typeof relationsNamed>[0];

/** The relations that a statement names, with their columns; those that do not exist are left out. */
export async function readRelations(session: Session, root: Root): Promise<readonly KnownRelation[]> {
  const found: KnownRelation[] = [];
  for (const { schema, name } of relationsNamed(root)) {
    const columns = await session.query<KnownRelation['columns'][number]>(
      `SELECT a.attname::text AS name, t.typname::text AS type,
              (SELECT count(*)::int FROM pg_index i JOIN pg_opclass o ON o.oid = i.indclass[0]
                WHERE i.indrelid = a.attrelid AND i.indkey[0] = a.attnum AND EXISTS (
                      SELECT FROM pg_amop WHERE amopfamily = o.opcfamily AND amoppurpose = 'o'
                         AND amoplefttype = o.opcintype AND amoprighttype = o.opcintype)) AS "vectorIndexes"
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
