import { groupBy } from '../../../group-by.js';
import { relationsOf } from '../../relations.js';
import { plainName, regclass } from '../../sql.js';
import { schemaCheck } from './check.js';

/** A timestamp without a time zone names no moment: what it means depends on who wrote it. */
export const timestampWithoutTimeZone = schemaCheck({
  id: 'timestamp-without-time-zone',
  severity: 'info',
  needs: ['tables', 'columns'],
  run: ({ tables, columns }) => {
    const { table } = relationsOf({ tables });
    const found = columns.filter(({ typeName }) => typeName === 'timestamp');
    return [...groupBy(found, ({ tableOid }) => tableOid)].map(([oid, own]) => ({
      object: plainName(table(oid)),
      confidence: 'high',
      basis: 'catalog',
      evidence: `SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = ${regclass(table(oid))} AND atttypid = 'timestamp'::regtype;`,
      remedy: null,
      data: { table: plainName(table(oid)), columns: own.map(({ name }) => name) },
    }));
  },
});
