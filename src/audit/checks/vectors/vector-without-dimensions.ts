import { relationsOf } from '../../relations.js';
import { plainName, regclass } from '../../sql.js';
import { isVector } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

/** Vectors of any length fit into the column, so no index can be built on it. */
export const vectorWithoutDimensions = vectorCheck({
  id: 'vector-without-dimensions',
  severity: 'medium',
  needs: ['tables', 'columns'],
  run: ({ tables, columns }) => {
    const { table } = relationsOf({ tables });
    return columns
      .filter((column) => isVector(column) && column.typeModifier < 0)
      .map((column) => ({
        object: `${plainName(table(column.tableOid))}.${column.name}`,
        confidence: 'high',
        basis: 'catalog',
        evidence: `SELECT atttypmod FROM pg_attribute WHERE attrelid = ${regclass(table(column.tableOid))} AND attnum = ${column.number};`,
        remedy: null,
        data: { table: plainName(table(column.tableOid)), column: column.name, typeName: column.typeName },
      }));
  },
});
