/** Bytes and alignment of the types of fixed length. Source: PostgreSQL `pg_type.dat` typlen, typalign. */
const FIXED = {
  bool: { bytes: 1, align: 1 },
  smallint: { bytes: 2, align: 2 },
  int: { bytes: 4, align: 4 },
  bigint: { bytes: 8, align: 8 },
  real: { bytes: 4, align: 4 },
  float8: { bytes: 8, align: 8 },
  date: { bytes: 4, align: 4 },
  timestamp: { bytes: 8, align: 8 },
  timestamptz: { bytes: 8, align: 8 },
  uuid: { bytes: 16, align: 1 },
} as const;

/** Types of a value's own length; what is given is the average number of bytes. */
const VARIABLE = ['text', 'jsonb', 'tsvector', 'numeric', 'bytea'] as const;

export type FixedType = keyof typeof FIXED;
export type VariableType = (typeof VARIABLE)[number];
export const FIXED_TYPES = Object.keys(FIXED) as readonly FixedType[];
export const VARIABLE_TYPES: readonly VariableType[] = VARIABLE;

/** An index on a column beside the vector. */
export type ColumnIndexPlan =
  /** `distinct`: different values; null where every row has its own. */
  | { readonly method: 'btree'; readonly distinct: number | null }
  /** `lexemes`: different keys of a row on average; `vocabulary`: of all rows, null to estimate it. */
  | { readonly method: 'gin'; readonly lexemes: number; readonly vocabulary: number | null };

/** A column beside the key and the vector. */
export interface PlannedColumn {
  readonly name: string;
  readonly type: FixedType | VariableType;
  /** Average bytes of a value of variable length, without its header; 0 for a type of fixed length. */
  readonly averageBytes: number;
  readonly index: ColumnIndexPlan | null;
}

/** Longest value that keeps a header of one byte. Source: PostgreSQL `varatt.h` VARATT_SHORT_MAX. */
const SHORT_BYTES = 126;

/** Where a value that starts at `offset` ends. Source: PostgreSQL `heaptuple.c` heap_compute_data_size. */
export function endOfValue(offset: number, { type, averageBytes }: PlannedColumn): number {
  if (type in FIXED) {
    const { bytes, align } = FIXED[type as FixedType];
    return align * Math.ceil(offset / align) + bytes;
  }
  return endOfVariable(offset, averageBytes);
}

/** The same of a value of variable length: short ones are not aligned and have a header of one byte. */
export const endOfVariable = (offset: number, bytes: number): number =>
  bytes <= SHORT_BYTES ? offset + 1 + bytes : 4 * Math.ceil(offset / 4) + 4 + bytes;

/** Bytes of the column's value as the only key of an index. */
export const keyBytes = (column: PlannedColumn): number => endOfValue(0, column);

/** Types whose equal values btree keeps once. Source: PostgreSQL `nbtutils.c` _bt_allequalimage. */
export const isDeduplicated = (type: PlannedColumn['type']): boolean =>
  !['float8', 'real', 'numeric', 'jsonb'].includes(type);

/** Longest key that a btree takes. Source: PostgreSQL `nbtree.h` BTMaxItemSize, with header. */
export const MOST_BTREE_KEY_BYTES = 2704 - 8;
