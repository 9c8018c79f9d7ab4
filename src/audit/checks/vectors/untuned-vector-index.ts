import { gucs } from '../../../indexes/index.js';
import { indexName, relationsOf } from '../../relations.js';
import { replaceIndex } from '../../remedies.js';
import { setForVectors } from '../../server-setting.js';
import type { MeasuredIndex } from '../../snapshot/measured-index.js';
import type { Index } from '../../snapshot/relations.js';
import { isWholeTable, type TunedChoice, type TunedIndex } from '../../snapshot/tuned-index.js';
import { plainName, regclass } from '../../sql.js';
import { isSet, parameter } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

/** Of the pages that the existing index reads: a smaller saving is worth no rebuild. */
const WORTHWHILE = 0.75;

/** An index that misses the recall which another one reaches, or reads many more pages than it for the same recall: both measured on a sample. */
export const untunedVectorIndex = vectorCheck({
  id: 'untuned-vector-index',
  severity: 'medium',
  needs: ['server', 'tuned', 'measured', 'tables', 'indexes', 'vectorSettings'],
  run: ({ server, tuned, measured, tables, indexes, vectorSettings }) => {
    const { table: tableOf } = relationsOf({ tables });
    return tuned.flatMap((one) => {
      const { indexOid, recommended, sample, existing, run, k, targetRecall } = one;
      const index = indexes.find(({ oid }) => oid === indexOid);
      if (!index || recommended === null || sample === null) return [];
      const live = measured.find((of) => of.indexOid === indexOid) ?? null;
      const why = whyBetter(one, recommended, live);
      if (why === null) return [];
      const table = tableOf(index.tableOid);
      const settings = setForVectors(
        server,
        gucs(recommended.method, recommended.settings),
        Object.fromEntries(inForce(live).filter(([guc]) => isSet(vectorSettings, guc))),
      );
      const isSameIndex = isDefinedAs(index, recommended);
      return [
        {
          object: indexName(index, table),
          // Whoever has more than the recall may have it on purpose.
          severity: why === 'recall' ? ('medium' as const) : ('info' as const),
          confidence: isWholeTable(sample) ? ('medium' as const) : ('low' as const),
          basis: 'measurement' as const,
          evidence: `SELECT pg_get_indexdef(${regclass(index)}), reltuples FROM pg_class WHERE oid = ${regclass(table)};`,
          remedy: isSameIndex ? settings : replaceIndex(index, table, { ...recommended, settings, taken: indexes }),
          data: {
            index: index.name,
            table: plainName(table),
            why,
            isSameIndex,
            existing,
            recommended,
            liveRecall: live?.recall ?? null,
            sample,
            isWholeTable: isWholeTable(sample),
            run,
            k,
            targetRecall,
          },
        },
      ];
    });
  },
});

function whyBetter(
  { existing, targetRecall }: TunedIndex,
  recommended: TunedChoice,
  live: MeasuredIndex | null,
): 'recall' | 'pages' | null {
  // Without figures of the sample those of the table itself show what it misses.
  const today = existing?.recall ?? live?.recall ?? null;
  if (today !== null && today.high < targetRecall) return 'recall';
  const isCheaper =
    existing !== null &&
    existing.recall.low >= targetRecall &&
    recommended.pages.high <= WORTHWHILE * existing.pages.low;
  return isCheaper ? 'pages' : null;
}

const isDefinedAs = (index: Index, { method, parameters }: TunedChoice): boolean =>
  index.method === method &&
  Object.entries(parameters).every(
    ([key, value]) => parameter(index, key as 'm' | 'ef_construction' | 'lists') === value,
  );

/** What a session of this database has set: what the measurement saw. */
const inForce = (live: MeasuredIndex | null): readonly (readonly [guc: string, value: string])[] =>
  (live?.settings ?? []).map((setting) => setting.split('=') as [string, string]);
