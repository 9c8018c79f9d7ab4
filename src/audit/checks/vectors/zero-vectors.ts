import { lengthOf, sampledColumns } from '../../sampled-vectors.js';
import { plainName, relation } from '../../sql.js';
import { operatorsOf } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

/** Vectors of length 0: they have no direction, so an index for the cosine distance leaves them out without a word. */
export const zeroVectors = vectorCheck({
  id: 'zero-vectors',
  severity: 'low',
  needs: ['tables', 'columns', 'indexes', 'vectorSamples'],
  run: ({ vectorSamples, ...parts }) =>
    sampledColumns(vectorSamples, parts).flatMap(({ sample, table, column, rows, indexes }) => {
      if (sample.zero.value === 0) return [];
      const cosine = indexes.filter((index) => operatorsOf(index).includes('<=>'));
      return [
        {
          object: `${plainName(table)}.${column.name}`,
          severity: cosine.length > 0 ? ('low' as const) : ('info' as const),
          confidence: 'high' as const,
          basis: 'measurement' as const,
          evidence: `SELECT count(*) FROM ${relation(table)} WHERE ${lengthOf(column)} = 0;`,
          remedy: null,
          data: {
            table: plainName(table),
            column: column.name,
            sampled: sample.rows,
            isWhole: sample.isWhole,
            share: sample.zero,
            rows: rows * sample.zero.value,
            indexes: cosine.map((index) => index.name),
          },
        },
      ];
    }),
});
