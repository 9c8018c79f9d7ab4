import type { Dataset, DatasetSource } from '../../datasets/index.js';

/** The dataset's queries as a log of an application's, so that every state answers the same ones. */
export const queriesAsLog = ({ manifest, queries }: Dataset): DatasetSource => ({
  name: manifest.name,
  dimensions: manifest.dimensions,
  metric: manifest.metric,
  synthetic: manifest.synthetic,
  textColumn: null,
  provenance: null,
  expectedRows: queries.rows,
  async *base() {
    yield { rows: queries.rows, vectors: queries.values, ids: null, attributes: null, texts: null };
  },
  queries: () => null,
  declaredNeighbours: () => Promise.resolve(null),
  close: () => undefined,
});
