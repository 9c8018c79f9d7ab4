import { PgvtuneError } from '../../errors.js';
import { ident, type OutputColumn, type Session } from '../../postgres/index.js';

export interface TableColumn {
  readonly name: string;
  /** Without schema, array brackets and modifier, of a domain the type below it: `vector`, `int8`, `timestamptz`. */
  readonly baseType: string;
  /** Of an array: of its items. */
  readonly isArray: boolean;
  /** Of an enum, in their order; null for other types. */
  readonly labels: readonly string[] | null;
  /** As SQL writes it, with its modifier. */
  readonly type: string;
}

export interface VectorColumn {
  readonly name: string;
  readonly quoted: string;
  readonly baseType: (typeof VECTOR_TYPES)[number];
  /** With its modifier: `vector(384)`. */
  readonly type: string;
  readonly isNotNull: boolean;
  /** Null when the column does not declare them. */
  readonly dimensions: number | null;
}

/** Types of columns whose vectors can be read as numbers. */
const VECTOR_TYPES = ['vector', 'halfvec', 'sparsevec', 'bit'] as const;

interface CatalogColumn extends TableColumn {
  readonly modifier: number;
  readonly isNotNull: boolean;
}

export const readColumns = (session: Session, table: number): Promise<CatalogColumn[]> =>
  session.query<CatalogColumn>(
    withTypes(`SELECT attnum AS n, attname AS name, atttypid AS oid, atttypmod AS modifier, attnotnull AS "isNotNull"
                 FROM pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped`),
    [table],
  );

/** The same of what a SELECT returns. */
export const readOutputColumns = (session: Session, columns: readonly OutputColumn[]): Promise<CatalogColumn[]> =>
  session.query<CatalogColumn>(
    withTypes(`SELECT n, name, oid, modifier, false AS "isNotNull"
                 FROM unnest($1::text[], $2::oid[], $3::int[]) WITH ORDINALITY AS given(name, oid, modifier, n)`),
    [columns.map(({ name }) => name), columns.map(({ type }) => type), columns.map(({ modifier }) => modifier)],
  );

/** @param columns a SELECT of their places and names, and the oids and modifiers of their types */
const withTypes = (columns: string): string =>
  `SELECT c.name, format_type(c.oid, c.modifier) AS type, c.modifier, c."isNotNull",
          coalesce(i.typname, b.typname) AS "baseType", i.oid IS NOT NULL AS "isArray",
          (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = b.oid) AS labels
     FROM (${columns}) AS c
     JOIN pg_type t ON t.oid = c.oid
     JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
     LEFT JOIN pg_type i ON i.oid = b.typelem AND b.typcategory = 'A'
    ORDER BY c.n`;

const typeOf = (baseType: string): VectorColumn['baseType'] | undefined =>
  VECTOR_TYPES.find((type) => type === baseType);

/**
 * @param wanted its name as it is, without quotes; absent: the only column of vectors
 * @throws {PgvtuneError} `usage` when there is no such column, or it is of another type
 */
export function chooseColumn(
  table: string,
  columns: readonly CatalogColumn[],
  wanted: string | undefined,
): VectorColumn {
  // One bit is a flag. Tables often have sparse vectors and bits beside the vectors that they were made from.
  const candidates = columns.filter(
    ({ baseType, isArray, modifier }) => !isArray && typeOf(baseType) && (baseType !== 'bit' || modifier > 1),
  );
  const dense = candidates.filter(({ baseType }) => baseType === 'vector' || baseType === 'halfvec');
  const vectors = (dense.length > 0 ? dense : candidates).map(({ name }) => name);
  const column = columns.find(({ name }) => name === (wanted ?? (vectors.length === 1 ? vectors[0] : undefined)));
  if (!column) {
    const [message, names] =
      wanted === undefined
        ? [`${table} has ${vectors.length === 0 ? 'no column' : 'several columns'} of vectors.`, vectors]
        : [`${table} has no column "${wanted}".`, vectors.length > 0 ? vectors : columns.map(({ name }) => name)];
    throw new PgvtuneError('usage', message, {
      hint: names.length > 0 ? `Name one of ${names.slice(0, 10).join(', ')}.` : 'Name another table.',
    });
  }
  const baseType = column.isArray ? undefined : typeOf(column.baseType);
  if (!baseType) {
    throw new PgvtuneError('usage', `Column ${column.name} of ${table} is of type ${column.type}.`, {
      hint: `Name a column of type vector, halfvec, sparsevec or bit${vectors.length > 0 ? `: ${vectors.join(', ')}` : ''}.`,
    });
  }
  return {
    name: column.name,
    quoted: ident(column.name),
    baseType,
    type: column.type,
    isNotNull: column.isNotNull,
    dimensions: column.modifier > 0 ? column.modifier : null,
  };
}

/** Names of its columns, in their order; empty when there is none. */
export async function readPrimaryKey(session: Session, table: number): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT a.attname AS name
       FROM pg_index i
       CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
      WHERE i.indrelid = $1 AND i.indisprimary AND k.position <= i.indnkeyatts ORDER BY k.position`,
    [table],
  );
  return rows.map(({ name }) => name);
}
