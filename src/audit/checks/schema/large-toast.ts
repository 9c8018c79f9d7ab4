import { plainName, regclass } from '../../sql.js';
import { schemaCheck } from './check.js';

const LEAST_BYTES = 2 ** 30;
const LARGE_BYTES = 10 * 2 ** 30;
const LEAST_SHARE = 0.5;
/** Their values are stored without compression. */
const VECTORS = ['vector', 'halfvec', 'sparsevec'];

/** Most of a table is large values, compressed with the slower of the two methods. */
export const largeToast = schemaCheck({
  id: 'large-toast',
  severity: 'info',
  needs: ['tables', 'columns', 'settings'],
  run: ({ settings, ...parts }) => {
    if (settings['default_toast_compression'] !== 'pglz') return [];
    return parts.tables.flatMap((table) => {
      const { toastBytes, heapBytes } = table;
      const own = parts.columns.filter(({ tableOid }) => tableOid === table.oid);
      const large = toastBytes >= LARGE_BYTES || toastBytes >= LEAST_SHARE * (toastBytes + heapBytes);
      if (toastBytes < LEAST_BYTES || !large || own.some(({ typeName }) => VECTORS.includes(typeName))) return [];
      return [
        {
          object: plainName(table),
          confidence: 'medium' as const,
          basis: 'catalog' as const,
          evidence: `SELECT pg_relation_size(oid), pg_total_relation_size(reltoastrelid) FROM pg_class WHERE oid = ${regclass(table)};`,
          remedy: null,
          data: { table: plainName(table), toastBytes, heapBytes },
        },
      ];
    });
  },
});
