import { groupBy } from '../group-by.js';
import type { DatabaseSnapshot } from './snapshot/database.js';
import type { Column, ForeignKey, Index, Table } from './snapshot/relations.js';
import { plainName } from './sql.js';

/** Tables, columns and indexes of a snapshot by what joins them. */
export interface Relations {
  readonly table: (oid: number) => Table;
  readonly columnName: (tableOid: number, number: number) => string;
  readonly column: (tableOid: number, number: number) => Column | undefined;
  readonly indexesOf: (tableOid: number) => readonly Index[];
}

export function relationsOf(
  snapshot: Pick<DatabaseSnapshot, 'tables'> & Partial<Pick<DatabaseSnapshot, 'columns' | 'indexes'>>,
): Relations {
  const tables = new Map(snapshot.tables.map((table) => [table.oid, table]));
  const columns = new Map(snapshot.columns?.map((column) => [`${column.tableOid}/${column.number}`, column]));
  const indexes = groupBy(snapshot.indexes ?? [], ({ tableOid }) => tableOid);
  const table = (oid: number): Table => {
    const found = tables.get(oid);
    if (!found) throw new RangeError(`The snapshot has no table ${oid}.`);
    return found;
  };
  const column = (tableOid: number, number: number): Column | undefined => columns.get(`${tableOid}/${number}`);
  return {
    table,
    column,
    columnName: (tableOid, number) => column(tableOid, number)?.name ?? `column ${number}`,
    indexesOf: (tableOid) => indexes.get(tableOid) ?? [],
  };
}

/** `public.orders.orders_total_idx` */
export const indexName = (index: Index, table: Table): string => `${plainName(table)}.${index.name}`;

/** As of the last ANALYZE or VACUUM; without one, as the counters have it. */
export const rowsOf = ({ estimatedRows, activity }: Table): number => estimatedRows ?? activity.liveRows;

/**
 * Whether an index finds the rows of a foreign key's table by its columns, which a DELETE or UPDATE of the row that they
 * point to has to do. Their order in the index does not matter, rows that are null may be missing.
 */
export const supports = (index: Index, key: ForeignKey, relations: Relations): boolean =>
  index.tableOid === key.tableOid &&
  index.method === 'btree' &&
  index.valid &&
  index.keys.length >= key.columns.length &&
  sameSet(
    index.keys.slice(0, key.columns.length).map(({ column }) => column),
    key.columns,
  ) &&
  (index.predicate === null ||
    holdsForEveryReference(
      index.predicate,
      key.columns.map((number) => relations.columnName(key.tableOid, number)),
    ));

const sameSet = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((member) => b.includes(member));

/** A predicate that only asks that columns of the key are not null leaves out no row that refers to one. */
function holdsForEveryReference(predicate: string, columns: readonly string[]): boolean {
  const parts = predicate.replaceAll(/[()]/g, '').split(' AND ');
  return parts.every((part) => {
    const [, quoted, plain] = /^(?:"((?:[^"]|"")+)"|([a-z_][a-z0-9_$]*)) IS NOT NULL$/.exec(part.trim()) ?? [];
    const column = plain ?? quoted?.replaceAll('""', '"');
    return column !== undefined && columns.includes(column);
  });
}
