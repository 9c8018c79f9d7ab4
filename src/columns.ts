import { z } from 'zod';

/** What kind of values a column of attributes holds. Dates are ISO 8601 text; `json` is anything else or a mixture. */
export const columnTypeSchema = z.enum(['number', 'text', 'boolean', 'date', 'text[]', 'json']);
export type ColumnType = z.infer<typeof columnTypeSchema>;

/** PostgreSQL's types that hold values of each kind; the first is taken where nobody says another. */
const SQL_TYPES = {
  number: ['double precision', 'smallint', 'integer', 'bigint', 'numeric', 'real'],
  text: ['text', 'uuid'],
  boolean: ['boolean'],
  date: ['timestamptz', 'timestamp', 'date'],
  'text[]': ['text[]'],
  json: ['jsonb'],
} as const satisfies Readonly<Record<ColumnType, readonly string[]>>;

/** A type of PostgreSQL's own that a column can have. */
export type BuiltInType = (typeof SQL_TYPES)[ColumnType][number];

const enumSchema = z
  .strictObject({
    /** Its name, unquoted. */
    enum: z.string().min(1),
    /** In their order, which is that of the values. */
    labels: z.array(z.string()).min(1).readonly(),
  })
  .readonly();

const sqlTypeSchema = z.union([z.enum(Object.values(SQL_TYPES).flat()), enumSchema]);
/** The type of a column in the source: one of PostgreSQL's, or an enum of its owner's. */
export type SqlType = z.infer<typeof sqlTypeSchema>;

/** A column beside the vectors. */
export const columnSchema = z
  .strictObject({
    name: z.string(),
    type: columnTypeSchema,
    /** As in the source; absent: the usual one of the kind. */
    sqlType: sqlTypeSchema.optional(),
    /** It is the primary key of the rows: its index exists whatever is tuned. */
    key: z.literal(true).optional(),
  })
  .readonly();
export type Column = z.infer<typeof columnSchema>;

/** The type that a column has in PostgreSQL. */
export const sqlTypeOf = ({ type, sqlType }: Pick<Column, 'type' | 'sqlType'>): SqlType =>
  sqlType ?? SQL_TYPES[type][0];

/** The kind of values that a type holds. */
export function kindOf(sqlType: SqlType): ColumnType {
  if (typeof sqlType === 'object') return 'text';
  const found = Object.entries(SQL_TYPES).find(([, types]) => (types as readonly string[]).includes(sqlType));
  return found![0] as ColumnType;
}

/** A column with its type, which is left out where it is the usual one of the kind. */
export const columnOf = (name: string, type: ColumnType, sqlType: SqlType): Column =>
  sqlType === SQL_TYPES[type][0] ? { name, type } : { name, type, sqlType };
