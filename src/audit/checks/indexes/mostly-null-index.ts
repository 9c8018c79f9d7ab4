import { setOptions } from '../../index-identity.js';
import { reasonsToKeep } from '../../reasons-to-keep.js';
import { indexName, relationsOf } from '../../relations.js';
import { createIndex } from '../../remedies.js';
import { name, regclass, text } from '../../sql.js';
import { indexCheck } from './check.js';

const LEAST_NULL_FRACTION = 0.5;
const LEAST_BYTES = 2 ** 20;

/** Most entries of an index are null, and a query for null would not use it: a partial index holds the others alone. */
export const mostlyNullIndex = indexCheck({
  id: 'mostly-null-index',
  severity: 'info',
  needs: ['tables', 'columns', 'indexes', 'foreignKeys', 'columnStatistics'],
  run: ({ columnStatistics, foreignKeys, ...parts }) => {
    const relations = relationsOf(parts);
    const nullFraction = new Map(columnStatistics.map((of) => [`${of.tableOid}/${of.columnNumber}`, of.nullFraction]));
    return parts.indexes.flatMap((index) => {
      const [key, ...others] = index.keys;
      const fraction = nullFraction.get(`${index.tableOid}/${key!.column}`) ?? 0;
      const plain =
        index.method === 'btree' &&
        others.length === 0 &&
        index.included.length === 0 &&
        index.predicate === null &&
        key!.option === 0 &&
        [0, DEFAULT_COLLATION].includes(key!.collationOid) &&
        setOptions(index).length === 0;
      if (!plain || !index.valid || index.partitioned || index.bytes < LEAST_BYTES || fraction < LEAST_NULL_FRACTION) {
        return [];
      }
      // A foreign key is as well supported by a partial index, nothing else is.
      const reasons = reasonsToKeep(index, { foreignKeys, relations }).filter((reason) => reason !== 'foreign-key');
      const replaced = relations
        .indexesOf(index.tableOid)
        .some(({ keys, predicate, valid }) => valid && predicate !== null && keys[0]!.column === key!.column);
      if (reasons.length > 0 || replaced) return [];
      const table = relations.table(index.tableOid);
      const column = relations.columnName(index.tableOid, key!.column);
      return [
        {
          object: indexName(index, table),
          confidence: 'medium' as const,
          basis: 'estimates' as const,
          evidence: `SELECT pg_relation_size(${regclass(index)}), null_frac FROM pg_stats WHERE schemaname = ${text(table.schema)} AND tablename = ${text(table.name)} AND attname = ${text(column)};`,
          remedy: createIndex(table, {
            columns: [column],
            where: `${name(column)} IS NOT NULL`,
            taken: parts.indexes,
          }),
          data: { index: index.name, column, nullFraction: fraction, bytes: index.bytes },
        },
      ];
    });
  },
});

/** Source: `pg_collation.dat`, `default`. */
const DEFAULT_COLLATION = 100;
