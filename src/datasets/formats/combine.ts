import type { DatasetSource } from '../import/source.js';
import { readNeighbours } from './neighbours-file.js';

/** A source with the rows of another as its queries. */
export function withQueries(base: DatasetSource, queries: DatasetSource): DatasetSource {
  return {
    ...base,
    provenance: { base: base.provenance, queries: queries.provenance },
    queries: () => queries.base(),
    locate: (table, row) => (table === 'base' ? base : queries).locate?.('base', row) ?? base.name,
    // What the first file declares belongs to its own queries.
    declaredNeighbours: async () => null,
    close() {
      base.close();
      queries.close();
    },
  };
}

/** A source with neighbours from a file of their own. */
export function withNeighbours(source: DatasetSource, neighbours: DatasetSource, path: string): DatasetSource {
  return {
    ...source,
    provenance: { ...(source.provenance as object), neighbours: neighbours.provenance },
    declaredNeighbours: () => readNeighbours(neighbours, path),
    close() {
      source.close();
      neighbours.close();
    },
  };
}
