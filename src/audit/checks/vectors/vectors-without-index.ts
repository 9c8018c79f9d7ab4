import { relationsOf, rowsOf } from '../../relations.js';
import { plainName, regclass } from '../../sql.js';
import { isVector } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

const LEAST_ROWS = 10_000;

/** Many vectors, and no index that a search for the nearest could use. */
export const vectorsWithoutIndex = vectorCheck({
  id: 'vectors-without-index',
  severity: 'low',
  needs: ['tables', 'columns', 'indexes'],
  run: (parts) => {
    const relations = relationsOf(parts);
    return parts.columns.filter(isVector).flatMap((column) => {
      const table = relations.table(column.tableOid);
      const rows = rowsOf(table);
      const indexed = relations
        .indexesOf(table.oid)
        .some(
          ({ method, keys, valid }) =>
            valid &&
            !['btree', 'hash'].includes(method) &&
            keys.some((key) => key.column === column.number || (key.column === 0 && key.text.includes(column.name))),
        );
      if (indexed || rows < LEAST_ROWS || table.parentOid !== null) return [];
      return [
        {
          object: `${plainName(table)}.${column.name}`,
          confidence: 'low' as const,
          basis: 'catalog' as const,
          evidence: `SELECT reltuples, (SELECT count(*) FROM pg_index WHERE indrelid = c.oid) AS indexes FROM pg_class c WHERE oid = ${regclass(table)};`,
          remedy: null,
          data: { table: plainName(table), column: column.name, rows, type: column.type },
        },
      ];
    });
  },
});
