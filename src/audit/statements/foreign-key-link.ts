import type { StatementShape } from '../../statements/index.js';
import type { DatabaseSnapshot } from '../snapshot/database.js';
import type { ForeignKey } from '../snapshot/relations.js';
import { plainName } from '../sql.js';
import { catalogOf, type FoundColumn } from './look-up.js';

/** How a statement finds its rows by those of another one. */
export interface ForeignKeyLink {
  readonly foreignKey: string;
  readonly childTable: string;
  readonly childColumn: string;
  readonly parentTable: string;
  /** `to-one`: each parent refers to one child; `to-many`: children refer to their parent. */
  readonly direction: 'to-one' | 'to-many';
}

/**
 * Links between statements: the second looks rows of one table up by one column, which a foreign key joins to a table of the first.
 */
export function foreignKeyLinks({
  foreignKeys,
  ...parts
}: Pick<DatabaseSnapshot, 'tables' | 'columns' | 'foreignKeys'>) {
  const { tableOf, find } = catalogOf(parts);
  /** The one column of one table by which a statement looks rows up. */
  const lookedUpBy = (shape: StatementShape): FoundColumn | null =>
    shape.kind === 'select' && shape.relations.length === 1 && shape.equalities.length === 1
      ? find(shape, shape.equalities[0]!)
      : null;
  return {
    lookedUpBy,
    between(parent: StatementShape, child: StatementShape): ForeignKeyLink | null {
      const by = lookedUpBy(child);
      if (!by) return null;
      for (const { name, schema } of parent.relations) {
        const table = tableOf(name, schema);
        const key = table && edges(foreignKeys, by, table.oid)[0];
        if (!key) continue;
        return {
          foreignKey: key.name,
          childTable: plainName(by.table),
          childColumn: by.column.name,
          parentTable: plainName(table),
          direction: key.tableOid === by.table.oid ? 'to-many' : 'to-one',
        };
      }
      return null;
    },
  };
}

/** Foreign keys between a column and another table, in either direction. */
const edges = (keys: readonly ForeignKey[], { table, column }: FoundColumn, other: number): readonly ForeignKey[] =>
  keys.filter(
    (key) =>
      key.columns.length === 1 &&
      ((key.tableOid === table.oid && key.columns[0] === column.number && key.referencedTableOid === other) ||
        (key.referencedTableOid === table.oid && key.referencedColumns[0] === column.number && key.tableOid === other)),
  );
