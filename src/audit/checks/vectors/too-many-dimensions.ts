import { relationsOf } from '../../relations.js';
import { plainName, regclass } from '../../sql.js';
import { vectorCheck } from './check.js';

/** Source: pgvector `hnsw.h` HNSW_MAX_DIM and the limits of its README. */
const MOST: Readonly<Record<string, number>> = { vector: 2000, halfvec: 4000 };

/** More dimensions than an index of the column's own type can hold. */
export const tooManyDimensions = vectorCheck({
  id: 'too-many-dimensions',
  severity: 'low',
  needs: ['tables', 'columns', 'indexes'],
  run: (parts) => {
    const relations = relationsOf(parts);
    return parts.columns.flatMap((column) => {
      const limit = MOST[column.typeName];
      if (limit === undefined || column.typeModifier <= limit) return [];
      const table = relations.table(column.tableOid);
      const byExpression = relations
        .indexesOf(table.oid)
        .some(({ keys }) => keys.some((key) => key.column === 0 && key.text.includes(column.name)));
      if (byExpression) return [];
      return [
        {
          object: `${plainName(table)}.${column.name}`,
          confidence: 'high' as const,
          basis: 'catalog' as const,
          evidence: `SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = ${regclass(table)} AND attnum = ${column.number};`,
          remedy: null,
          data: {
            table: plainName(table),
            column: column.name,
            typeName: column.typeName,
            dimensions: column.typeModifier,
            limit,
          },
        },
      ];
    });
  },
});
