import { bytesOf, sampledColumns } from '../../sampled-vectors.js';
import { name, plainName, relation } from '../../sql.js';
import { vectorCheck } from './check.js';

/** With fewer rows than this a row shares its vector, on average, where copies are exceptions. */
const LEAST_ROWS = 1.05;
/** Rows of one vector that an element of an HNSW graph holds. Source: pgvector, `HNSW_HEAPTIDS`. */
const HEAP_TIDS = 10;

/** Rows that share their vector: all are at one distance, so the nearest are copies of one another. */
export const duplicateVectors = vectorCheck({
  id: 'duplicate-vectors',
  severity: 'low',
  needs: ['tables', 'columns', 'indexes', 'vectorSamples'],
  run: ({ vectorSamples, ...parts }) =>
    sampledColumns(vectorSamples, parts).flatMap(({ sample, table, column, rows, indexes }) => {
      const { rowsPerVector, mostFrequent } = sample;
      if (rowsPerVector.low < LEAST_ROWS) return [];
      const graphs = indexes.filter(({ method }) => method === 'hnsw').map((index) => index.name);
      const overflows = graphs.length > 0 && rowsPerVector.low > HEAP_TIDS;
      return [
        {
          object: `${plainName(table)}.${column.name}`,
          severity: overflows ? ('low' as const) : ('info' as const),
          confidence: 'high' as const,
          basis: 'measurement' as const,
          evidence: `SELECT count(*), min(${name(column.name)}::text) FROM ${relation(table)} WHERE ${name(column.name)} IS NOT NULL GROUP BY ${bytesOf(column)} HAVING count(*) > 1 ORDER BY 1 DESC LIMIT 10;`,
          remedy: null,
          data: {
            table: plainName(table),
            column: column.name,
            sampled: sample.rows,
            isWhole: sample.isWhole,
            rows,
            rowsPerVector,
            mostFrequent,
            heapTids: HEAP_TIDS,
            graphs: overflows ? graphs : [],
          },
        },
      ];
    }),
});
