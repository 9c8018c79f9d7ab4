import { groupBy } from '../../../group-by.js';
import { entriesIdentity, setOptions } from '../../index-identity.js';
import { indexName, relationsOf } from '../../relations.js';
import { text } from '../../sql.js';
import { indexCheck } from './check.js';

/** The same entries with other storage or build options: `m`, `fillfactor`. Both may have a reason, so nothing is dropped. */
export const indexVariants = indexCheck({
  id: 'index-variants',
  severity: 'info',
  needs: ['tables', 'indexes'],
  run: ({ tables, indexes }) => {
    const { table } = relationsOf({ tables });
    const groups = groupBy(
      indexes.filter(({ valid, attached }) => valid && !attached),
      entriesIdentity,
    );
    return [...groups.values()]
      .map((group) => [...new Map(group.map((index) => [JSON.stringify(setOptions(index)), index])).values()])
      .filter((variants) => variants.length > 1)
      .map((variants) => ({
        object: indexName(variants[0]!, table(variants[0]!.tableOid)),
        confidence: 'high',
        basis: 'counters',
        evidence: `SELECT indexrelname, idx_scan, pg_get_indexdef(indexrelid) FROM pg_stat_user_indexes WHERE schemaname = ${text(variants[0]!.schema)} AND indexrelname IN (${variants.map(({ name }) => text(name)).join(', ')});`,
        remedy: null,
        data: {
          variants: variants.map(({ name, options, scans, bytes }) => ({ index: name, options, scans, bytes })),
        },
      }));
  },
});
