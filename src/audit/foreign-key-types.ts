import type { Relations } from './relations.js';
import type { Column, ForeignKey } from './snapshot/relations.js';

/** A column of a foreign key beside the one that it refers to. */
export interface KeyPair {
  readonly own: Column;
  readonly referenced: Column;
}

const INTEGER_BYTES: Readonly<Record<string, number>> = { int2: 2, int4: 4, int8: 8 };

/** Pairs of columns of different types. */
export const mismatches = (key: ForeignKey, relations: Relations): readonly KeyPair[] =>
  key.columns.flatMap((number, i) => {
    const own = relations.column(key.tableOid, number);
    const referenced = relations.column(key.referencedTableOid, key.referencedColumns[i]!);
    return own && referenced && own.typeName !== referenced.typeName ? [{ own, referenced }] : [];
  });

/** An integer that cannot hold every value of the one that it refers to. */
export const isNarrower = ({ own, referenced }: KeyPair): boolean =>
  (INTEGER_BYTES[own.typeName] ?? Infinity) < (INTEGER_BYTES[referenced.typeName] ?? 0);
