import type { DatabaseSnapshot } from '../snapshot/database.js';
import type { Column, Table } from '../snapshot/relations.js';
import type { ColumnUse, StatementShape } from '../../statements/index.js';

/** A column that a statement names, found in the catalog. */
export interface FoundColumn {
  readonly table: Table;
  readonly column: Column;
}

/**
 * Finds the columns that statements name. A text without a schema may mean any table of that name: where there are several,
 * none is taken.
 */
export function catalogOf({ tables, columns }: Pick<DatabaseSnapshot, 'tables' | 'columns'>) {
  const tableOf = (name: string, schema: string | null): Table | undefined => {
    const named = tables.filter((table) => table.name === name && (schema === null || table.schema === schema));
    return named.length === 1 ? named[0] : undefined;
  };
  const find = (shape: StatementShape, { alias, column }: ColumnUse): FoundColumn | null => {
    const found = shape.relations
      .filter((relation) => alias === null || relation.alias === alias)
      .flatMap(({ name, schema }) => {
        const table = tableOf(name, schema);
        const own = table && columns.find((one) => one.tableOid === table.oid && one.name === column);
        return table && own ? [{ table, column: own }] : [];
      });
    return found.length === 1 ? found[0]! : null;
  };
  return { tableOf, find };
}
