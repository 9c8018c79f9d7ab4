import { groupBy } from '../../../group-by.js';
import { relationsOf } from '../../relations.js';
import { plainName, regclass } from '../../sql.js';
import { schemaCheck } from './check.js';

/** `json` has no operators to index, `char(n)` pads, `money` rounds and depends on a locale. Source: PostgreSQL wiki, "Don't Do This". */
const DISCOURAGED = ['json', 'bpchar', 'money'] as const;
export type DiscouragedType = (typeof DISCOURAGED)[number];

const isDiscouraged = (typeName: string): typeName is DiscouragedType =>
  (DISCOURAGED as readonly string[]).includes(typeName);

/** Columns of types that have a better one. */
export const discouragedType = schemaCheck({
  id: 'discouraged-type',
  severity: 'info',
  needs: ['tables', 'columns'],
  run: ({ tables, columns }) => {
    const { table } = relationsOf({ tables });
    const found = columns.flatMap(({ tableOid, name, typeName, type }) =>
      isDiscouraged(typeName) && type !== '"char"' ? [{ tableOid, column: name, typeName, type }] : [],
    );
    return [...groupBy(found, ({ tableOid }) => tableOid)].map(([oid, own]) => ({
      object: plainName(table(oid)),
      confidence: 'high',
      basis: 'catalog',
      evidence: `SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = ${regclass(table(oid))} AND attnum > 0 AND NOT attisdropped;`,
      remedy: null,
      data: {
        table: plainName(table(oid)),
        columns: own.map(({ column, typeName, type }) => ({ column, typeName, type })),
      },
    }));
  },
});
