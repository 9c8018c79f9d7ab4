import { relationsOf, rowsOf, supports } from '../relations.js';
import type { DatabaseSnapshot } from '../snapshot/database.js';
import type { Index, Table } from '../snapshot/relations.js';
import { name as quoted, plainName, relation } from '../sql.js';
import { catalogOf } from '../statements/look-up.js';
import { isVectorIndex } from '../vector-indexes.js';
import type { StatementShape } from '../../statements/index.js';

/** What makes an UPDATE or DELETE expensive beside finding its rows: no plan shows it. */
export type WriteCause =
  /** Every row that it removes, or whose key it changes, is looked for in the whole of another table. */
  | {
      readonly code: 'foreign-key-scan';
      readonly data: { readonly table: string; readonly columns: readonly string[]; readonly rows: number };
    }
  /** It sets a column of an index, so most of its rows are written to every index of the table. */
  | { readonly code: 'indexed-column'; readonly data: HotUpdates & { readonly indexes: readonly string[] } }
  /** No index knows the columns that it sets, but the pages have no room for another version of a row; `sql` is the table. */
  | { readonly code: 'full-pages'; readonly data: HotUpdates & { readonly fillfactor: number; readonly sql: string } }
  /** Each vector that it sets is a search of an index. */
  | { readonly code: 'vector'; readonly data: { readonly column: string; readonly indexes: readonly string[] } };

/** Of the table, since its counters count. */
interface HotUpdates {
  readonly table: string;
  readonly updates: number;
  readonly hotUpdates: number;
  /** Of the table. */
  readonly allIndexes: number;
}

export type WriteParts = Pick<DatabaseSnapshot, 'server' | 'tables' | 'columns' | 'indexes' | 'foreignKeys'>;

/** A scan of fewer rows is as fast as a look-up. */
const LARGE_TABLE = 1000;
const LEAST_UPDATES = 1000;
const LOW_HOT_SHARE = 0.5;
/** From it on a BRIN index keeps no update from being heap-only. */
const SUMMARIZING_BRIN = 160_000;

export function writeCauses(shape: StatementShape, parts: WriteParts): readonly WriteCause[] {
  const [target] = shape.relations;
  const table = target && catalogOf(parts).tableOf(target.name, target.schema);
  if (!table) return [];
  if (shape.kind === 'delete') return scansForKeys(table, parts);
  return shape.kind === 'update' ? updateCauses(table, shape.assigned, parts) : [];
}

function updateCauses(table: Table, assigned: readonly string[], parts: WriteParts): readonly WriteCause[] {
  const set = parts.columns.filter(({ tableOid, name }) => tableOid === table.oid && assigned.includes(name));
  const numbers = set.map(({ number }) => number);
  const indexes = relationsOf(parts).indexesOf(table.oid);
  const changed = indexes.filter(({ columns }) => columns.some((column) => numbers.includes(column)));
  return [
    ...scansForKeys(table, parts, numbers),
    ...set.flatMap(({ name, number }) => {
      const ofVector = changed.filter((index) => isVectorIndex(index) && index.keys[0]?.column === number);
      const data = { column: quoted(name), indexes: ofVector.map((index) => index.name) };
      return ofVector.length === 0 ? [] : [{ code: 'vector' as const, data }];
    }),
    ...hotCauses(table, {
      changed: changed.filter(({ method }) => method !== 'brin' || parts.server.number < SUMMARIZING_BRIN),
      allIndexes: indexes.length,
    }),
  ];
}

/** A new version of a row on the same page, with no change of an indexed column, needs no entry in any index (HOT). */
function hotCauses(
  table: Table,
  { changed, allIndexes }: { readonly changed: readonly Index[]; readonly allIndexes: number },
): readonly WriteCause[] {
  const { updates, hotUpdates } = table.activity;
  if (allIndexes === 0 || updates < LEAST_UPDATES || hotUpdates / updates >= LOW_HOT_SHARE) return [];
  const data = { table: plainName(table), updates, hotUpdates, allIndexes };
  if (changed.length > 0) {
    return [{ code: 'indexed-column', data: { ...data, indexes: changed.map(({ name }) => name) } }];
  }
  const fillfactor = table.options.find((option) => option.startsWith('fillfactor='))?.slice('fillfactor='.length);
  return [{ code: 'full-pages', data: { ...data, fillfactor: Number(fillfactor ?? 100), sql: relation(table) } }];
}

/**
 * Tables that are read as a whole for each row, through those whose rows go with it.
 *
 * @param changed columns of the row; undefined: it is removed
 */
function scansForKeys(
  table: Table,
  parts: WriteParts,
  changed?: readonly number[],
  seen: ReadonlySet<number> = new Set(),
): readonly WriteCause[] {
  const relations = relationsOf(parts);
  const known = new Set([...seen, table.oid]);
  return parts.foreignKeys
    .filter(
      ({ referencedTableOid, referencedColumns }) =>
        referencedTableOid === table.oid &&
        (changed === undefined || referencedColumns.some((column) => changed.includes(column))),
    )
    .flatMap((key) => {
      const child = relations.table(key.tableOid);
      const isFound = relations.indexesOf(child.oid).some((index) => supports(index, key, relations));
      const data = {
        table: plainName(child),
        columns: key.columns.map((column) => relations.columnName(child.oid, column)),
        rows: rowsOf(child),
      };
      const goesToo = changed === undefined && key.onDelete === 'cascade' && !known.has(child.oid);
      return [
        ...(isFound || data.rows < LARGE_TABLE ? [] : [{ code: 'foreign-key-scan' as const, data }]),
        ...(goesToo ? scansForKeys(child, parts, undefined, known) : []),
      ];
    });
}
