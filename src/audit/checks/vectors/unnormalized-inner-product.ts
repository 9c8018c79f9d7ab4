import { dropIndex, replaceIndex } from '../../remedies.js';
import { indexName } from '../../relations.js';
import { lengthOf, sampledColumns } from '../../sampled-vectors.js';
import { plainName, relation } from '../../sql.js';
import { operatorsOf } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

/** Fewer are exceptions, such as rows of an older model. */
const LEAST_SHARE = 0.01;

/** An index for the inner product on vectors of several lengths: longer ones come first, whatever their direction. */
export const unnormalizedInnerProduct = vectorCheck({
  id: 'unnormalized-inner-product',
  severity: 'low',
  needs: ['tables', 'columns', 'indexes', 'vectorSamples'],
  run: ({ vectorSamples, ...parts }) =>
    sampledColumns(vectorSamples, parts).flatMap(({ sample, table, column, indexes }) => {
      if (sample.notUnit.value < LEAST_SHARE) return [];
      const [least, greatest] = sample.lengths;
      return indexes
        .filter((index) => operatorsOf(index).includes('<#>'))
        .map((index) => ({
          object: indexName(index, table),
          confidence: 'medium' as const,
          basis: 'measurement' as const,
          evidence: `SELECT min(${lengthOf(column)}), avg(${lengthOf(column)}), max(${lengthOf(column)}) FROM ${relation(table)};`,
          // Where there is one for the cosine distance already, nothing is to be built.
          remedy: indexes.some((one) => one.method === index.method && one.valid && operatorsOf(one).includes('<=>'))
            ? dropIndex(index, table)
            : replaceIndex(index, table, {
                method: index.method,
                parameters: Object.fromEntries(index.options.map((option) => option.split('=') as [string, string])),
                keys: (keys) => keys.replace(/_ip_ops$/, '_cosine_ops'),
                settings: { statements: [], rollback: [] },
                taken: parts.indexes,
              }),
          data: {
            index: index.name,
            table: plainName(table),
            column: column.name,
            sampled: sample.rows,
            isWhole: sample.isWhole,
            share: sample.notUnit,
            least,
            greatest,
          },
        }));
    }),
});
