import type { Relations } from './relations.js';
import type { Column, ForeignKey } from './snapshot/relations.js';
import { name, plainName, regclass, relation } from './sql.js';

/** A column of a foreign key beside the one that it refers to. */
export interface KeyPair {
  readonly own: Column;
  readonly referenced: Column;
}

const INTEGER_BYTES: Readonly<Record<string, number>> = { int2: 2, int4: 4, int8: 8 };

/** Pairs of columns of different types. */
const mismatches = (key: ForeignKey, relations: Relations): readonly KeyPair[] =>
  key.columns.flatMap((number, i) => {
    const own = relations.column(key.tableOid, number);
    const referenced = relations.column(key.referencedTableOid, key.referencedColumns[i]!);
    return own && referenced && own.typeName !== referenced.typeName ? [{ own, referenced }] : [];
  });

/** An integer that cannot hold every value of the one that it refers to. */
export const isNarrower = ({ own, referenced }: KeyPair): boolean =>
  (INTEGER_BYTES[own.typeName] ?? Infinity) < (INTEGER_BYTES[referenced.typeName] ?? 0);

/** What is found of the pairs that are meant: the type of the referring column becomes that of the other. */
export const mistypedKeys = (
  foreignKeys: readonly ForeignKey[],
  relations: Relations,
  isMeant: (pair: KeyPair) => boolean,
) =>
  foreignKeys.flatMap((key) =>
    mismatches(key, relations)
      .filter(isMeant)
      .map(({ own, referenced }) => {
        const table = relations.table(key.tableOid);
        const column = `${plainName(table)}.${own.name}`;
        const alter = `ALTER TABLE ${relation(table)} ALTER COLUMN ${name(own.name)} TYPE`;
        return {
          object: column,
          confidence: 'high' as const,
          basis: 'catalog' as const,
          evidence: `SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = ${regclass(table)} AND attnum = ${own.number};`,
          remedy: {
            step: 'alter' as const,
            statements: [`${alter} ${referenced.type};`],
            lock: { mode: 'ACCESS EXCLUSIVE' as const, held: 'while it rewrites' as const },
            rollback: [`${alter} ${own.type};`],
          },
          data: {
            constraint: key.name,
            column,
            type: own.type,
            referenced: `${plainName(relations.table(key.referencedTableOid))}.${referenced.name}`,
            referencedType: referenced.type,
          },
        };
      }),
  );
