import { bytesOfElements, ROW_HEADER_BYTES } from '../../indexes/index.js';
import type { Table } from '../replay/schema.js';
import { typeParts } from './type-change.js';

/** Of a value whose length nobody knows: text, json, arrays. */
const UNKNOWN_BYTES = 32;
const FIXED: Readonly<Record<string, number>> = {
  boolean: 1,
  smallint: 2,
  int: 4,
  real: 4,
  float4: 4,
  date: 4,
  bigint: 8,
  float8: 8,
  'double precision': 8,
  timestamp: 8,
  timestamptz: 8,
  uuid: 16,
};
/** An entry of a btree beside its key, with the room that its pages keep free. */
const ENTRY_BYTES = 14;

/** About how many bytes so many rows of a table fill, with its indexes other than those of vectors. */
export function tableBytes({ columns, constraints, indexes }: Table, rows: number): number {
  const widthOf = (column: string): number => valueBytes(columns.get(column)?.type ?? '');
  const row = ROW_HEADER_BYTES + [...columns.values()].reduce((sum, { type }) => sum + valueBytes(type), 0);
  const keys = [
    ...[...indexes.values()].flatMap(({ method, keys: own }) =>
      method === 'btree' ? [own.map(({ sql }) => sql)] : [],
    ),
    ...[...constraints.values()].flatMap(({ kind, columns: own }) =>
      kind === 'primary-key' || kind === 'unique' ? [own] : [],
    ),
  ];
  const entries = keys.reduce(
    (sum, own) => sum + ENTRY_BYTES + own.reduce((bytes, column) => bytes + widthOf(column), 0),
    0,
  );
  return rows * (row + entries);
}

function valueBytes(type: string): number {
  const { name, numbers, array } = typeParts(type);
  const [dimensions] = numbers;
  if (array !== '') return UNKNOWN_BYTES;
  if ((name === 'vector' || name === 'halfvec' || name === 'bit') && dimensions !== undefined)
    return bytesOfElements(name, dimensions);
  return FIXED[name] ?? UNKNOWN_BYTES;
}
