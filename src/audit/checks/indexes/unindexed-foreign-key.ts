import { relationsOf, rowsOf, supports } from '../../relations.js';
import { createIndex } from '../../remedies.js';
import { plainName, regclass } from '../../sql.js';
import { indexCheck } from './check.js';

/** A scan of a smaller table is as fast as a look-up. */
const SMALL_TABLE_ROWS = 1000;

/** A DELETE or key UPDATE of a row has to scan the whole table whose foreign key points to it. */
export const unindexedForeignKey = indexCheck({
  id: 'unindexed-foreign-key',
  severity: 'medium',
  needs: ['tables', 'columns', 'indexes', 'foreignKeys'],
  run: ({ foreignKeys, ...parts }) => {
    const relations = relationsOf(parts);
    return foreignKeys
      .filter((key) => !relations.indexesOf(key.tableOid).some((index) => supports(index, key, relations)))
      .map((key) => {
        const table = relations.table(key.tableOid);
        const parent = relations.table(key.referencedTableOid);
        const columns = key.columns.map((number) => relations.columnName(key.tableOid, number));
        const rows = rowsOf(table);
        const parentWrites = parent.activity.deletes + parent.activity.updates;
        return {
          object: `${plainName(table)}.${key.name}`,
          confidence: 'high',
          basis: 'catalog',
          evidence: `SELECT conname, pg_get_constraintdef(oid), (SELECT n_tup_del FROM pg_stat_user_tables WHERE relid = confrelid) AS parent_deletes FROM pg_constraint WHERE contype = 'f' AND conrelid = ${regclass(table)};`,
          remedy: createIndex(table, { columns, taken: parts.indexes }),
          severity: rows < SMALL_TABLE_ROWS ? 'info' : parentWrites > 0 ? 'medium' : 'low',
          data: {
            constraint: key.name,
            table: plainName(table),
            columns,
            parent: plainName(parent),
            rows,
            parentDeletes: parent.activity.deletes,
            parentUpdates: parent.activity.updates,
            onDelete: key.onDelete,
          },
        };
      });
  },
});
