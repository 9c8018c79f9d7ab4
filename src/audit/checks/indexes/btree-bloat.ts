import { btreePages, PAGE_BYTES } from '../../../indexes/index.js';
import { indexName, relationsOf } from '../../relations.js';
import { reindex } from '../../remedies.js';
import type { Column, ColumnStatistics, Index } from '../../snapshot/relations.js';
import { pagesQuery } from '../../sql.js';
import { indexCheck } from './check.js';

/** A B-tree that grows by inserts in random order is half as large again as a fresh one. */
const LEAST_RATIO = 2;
/** What is gained is not worth a rebuild below. */
const LEAST_WASTED_BYTES = 2 ** 20;
/** PostgreSQL 13 */
const DEDUPLICATION = 130_000;
/** Equal values of these may look different, so their entries are never shared (nbtree README). */
const NEVER_SHARED = new Set(['numeric', 'float4', 'float8', 'jsonb']);

/**
 * A B-tree with more pages than a fresh build of the same rows would have. Other access methods lay out their pages in other ways,
 * and no formula for B-trees is right for them.
 */
export const btreeBloat = indexCheck({
  id: 'btree-bloat',
  severity: 'low',
  needs: ['server', 'tables', 'columns', 'indexes', 'columnStatistics'],
  run: ({ server, tables, columns, indexes, columnStatistics }) => {
    const relations = relationsOf({ tables, columns });
    const of = new Map(columnStatistics.map((one) => [`${one.tableOid}/${one.columnNumber}`, one]));
    return indexes
      .filter(({ method, valid, partitioned }) => method === 'btree' && valid && !partitioned)
      .flatMap((index) => {
        const { tableOid, estimatedRows: rows, bytes } = index;
        const numbers = [...index.keys.map(({ column }) => column), ...index.included];
        const statistics = numbers.flatMap((number) => of.get(`${tableOid}/${number}`) ?? []);
        if (!rows || statistics.length < numbers.length || bytes < LEAST_WASTED_BYTES) return [];
        const types = numbers.flatMap((number) => relations.column(tableOid, number) ?? []);
        const layout = {
          keyBytes: statistics.reduce((sum, { averageWidth }) => sum + averageWidth, 0),
          distinct: server.number >= DEDUPLICATION && shares(index, types) ? distinctKeys(statistics, rows) : rows,
          fillfactor: Number(
            /^fillfactor=(\d+)$/.exec(index.options.find((one) => one.startsWith('fillfactor=')) ?? '')?.[1] ?? 90,
          ),
        };
        const expectedBytes = btreePages(layout, rows) * PAGE_BYTES;
        if (bytes < LEAST_RATIO * expectedBytes || bytes - expectedBytes < LEAST_WASTED_BYTES) return [];
        return [
          {
            object: indexName(index, relations.table(tableOid)),
            confidence: 'medium' as const,
            basis: 'estimates' as const,
            evidence: pagesQuery(index),
            remedy: reindex(index),
            data: { index: index.name, bytes, expectedBytes, ratio: bytes / expectedBytes, rows },
          },
        ];
      });
  },
});

/** Whether equal keys share an entry. */
const shares = ({ unique, included, options }: Index, types: readonly Column[]): boolean =>
  !unique &&
  included.length === 0 &&
  !options.some((option) => /^deduplicate_items=(?:off|false|0|no)$/i.test(option)) &&
  types.every(({ typeName }) => !NEVER_SHARED.has(typeName));

/** At most: values of several columns may go together. */
const distinctKeys = (statistics: readonly ColumnStatistics[], rows: number): number =>
  statistics.reduce(
    (product, { distinctValues, nullFraction }) =>
      Math.min(
        rows,
        product * ((distinctValues < 0 ? -distinctValues * rows : distinctValues) + (nullFraction > 0 ? 1 : 0)),
      ),
    1,
  );
