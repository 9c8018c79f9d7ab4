import type { SchemaElement, SchemaTree } from 'hyparquet';
import type { SqlType } from '../../../columns.js';

/** The types of PostgreSQL that a file's columns have by its schema, where the values alone would not tell them. */
export function declaredTypes({ children }: SchemaTree): ReadonlyMap<string, SqlType> {
  return new Map(
    children.flatMap(({ element, children: parts }) => {
      const type = parts.length === 0 && element.repetition_type !== 'REPEATED' ? typeOf(element) : null;
      return type === null ? [] : [[element.name, type]];
    }),
  );
}

/** Null where the schema says no more than the values do: writers put whole numbers into DOUBLE when some are missing. */
function typeOf({ type, converted_type: converted, logical_type: logical }: SchemaElement): SqlType | null {
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') return 'numeric';
  if (converted === 'DATE' || logical?.type === 'DATE') return 'date';
  if (logical?.type === 'TIMESTAMP') return logical.isAdjustedToUTC ? 'timestamptz' : 'timestamp';
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS') return 'timestamptz';
  if (logical?.type === 'UUID') return 'uuid';
  if (converted === 'INT_8' || converted === 'INT_16') return 'smallint';
  if (logical?.type === 'INTEGER' && logical.bitWidth <= 16) return logical.isSigned ? 'smallint' : 'integer';
  if (type === 'INT32') return converted === 'UINT_32' ? 'bigint' : 'integer';
  if (type === 'INT64') return 'bigint';
  return type === 'FLOAT' ? 'real' : null;
}
