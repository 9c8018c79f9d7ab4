import {
  maxAlign,
  ROW_HEADER_BYTES,
  type StoredValue,
  TOAST_POINTER_BYTES,
  TOAST_THRESHOLD_BYTES,
  valueBytes,
} from '../../indexes/index.js';
import { endOfValue, endOfVariable, type PlannedColumn, VARIABLE_TYPES, type VariableType } from './columns.js';

/** A table `(id bigint, …columns, embedding)`, before it exists. */
export interface TableShape {
  readonly rows: number;
  /** The stored vector. */
  readonly vector: StoredValue;
  /** The vector column's storage: pgvector's types are `external` unless the column says `plain`. */
  readonly storage: 'external' | 'plain';
  /** Columns between the key and the vector, in their order. */
  readonly columns: readonly PlannedColumn[];
}

/** Where the bytes of an average row go. */
export interface RowLayout {
  /** Of the row in the table, header included, not aligned. */
  readonly inlineBytes: number;
  /** Of each value that is moved to the TOAST table. */
  readonly outOfLineBytes: readonly number[];
  readonly isVectorOutOfLine: boolean;
}

const KEY_BYTES = 8;

interface Value {
  readonly isVector: boolean;
  /** Where it ends when it begins at an offset. */
  readonly end: (offset: number) => number;
  /** Bytes that TOAST would take; null for a value that cannot be moved. */
  readonly movable: number | null;
}

const isVariable = (type: PlannedColumn['type']): type is VariableType => VARIABLE_TYPES.includes(type as VariableType);

function valuesOf({ vector, storage, columns }: TableShape): readonly Value[] {
  const payload = valueBytes(vector) - 4;
  return [
    ...columns.map((column) => ({
      isVector: false,
      end: (offset: number) => endOfValue(offset, column),
      movable: isVariable(column.type) ? column.averageBytes : null,
    })),
    {
      isVector: true,
      end: (offset: number) =>
        storage === 'plain' ? 4 * Math.ceil(offset / 4) + 4 + payload : endOfVariable(offset, payload),
      movable: storage === 'plain' ? null : payload,
    },
  ];
}

/**
 * An average row as PostgreSQL stores it: while it exceeds 2,032 bytes, its largest value is moved to the TOAST table.
 * Nothing is compressed here: vectors never are (EXTERNAL), and how much text shrinks is unknown.
 *
 * Source: PostgreSQL `heaptoast.c` heap_toast_insert_or_update, `heaptuple.c` heap_compute_data_size.
 */
export function rowLayout(shape: TableShape): RowLayout {
  const values = valuesOf(shape);
  const moved = new Set<Value>();
  const inline = (): number =>
    values.reduce(
      (offset, value) => (moved.has(value) ? offset + TOAST_POINTER_BYTES : value.end(offset)),
      ROW_HEADER_BYTES + KEY_BYTES,
    );
  while (maxAlign(inline()) > TOAST_THRESHOLD_BYTES) {
    const candidates = values.filter((value) => !moved.has(value) && (value.movable ?? 0) > TOAST_POINTER_BYTES);
    if (candidates.length === 0) break;
    moved.add(candidates.reduce((a, b) => (b.movable! > a.movable! ? b : a)));
  }
  return {
    inlineBytes: inline(),
    outOfLineBytes: [...moved].map(({ movable }) => movable!),
    isVectorOutOfLine: [...moved].some(({ isVector }) => isVector),
  };
}
