import type { GenerateSpec } from '../../config/index.js';
import { shortHash } from '../../canonical-json.js';
import type { DatasetSource, SourceBatch } from '../source.js';
import { createClusters } from './clusters.js';
import { createLineage } from './lineage.js';
import { createRowRandom } from './row-random.js';
import { createVectorWriter } from './vectors.js';

/** Raised whenever the same settings give other data than before. */
const GENERATOR_VERSION = 1;

const ROWS_PER_BATCH = 1024;

/**
 * A dataset made from settings alone: the same settings give the same bytes, and a dataset with more rows begins with
 * the rows of the smaller one.
 */
export function generateSource(spec: GenerateSpec): DatasetSource {
  const random = createRowRandom(spec.seed);
  const clusters = createClusters(spec, random);
  const lineage = createLineage(spec, clusters, random);
  const vectors = createVectorWriter(spec, clusters, lineage, random);

  async function* batches(
    rows: number,
    write: (row: number, out: Float32Array, offset: number) => void,
  ): AsyncGenerator<SourceBatch> {
    const values = new Float32Array(Math.min(rows, ROWS_PER_BATCH) * spec.dimensions);
    for (let start = 0; start < rows; start += ROWS_PER_BATCH) {
      const count = Math.min(ROWS_PER_BATCH, rows - start);
      for (let i = 0; i < count; i++) write(start + i, values, i * spec.dimensions);
      yield {
        rows: count,
        vectors: values.subarray(0, count * spec.dimensions),
        ids: null,
        attributes: null,
        texts: null,
      };
    }
  }

  return {
    name: `generated-${spec.rows}x${spec.dimensions}-${shortHash(spec).slice(0, 8)}`,
    dimensions: spec.dimensions,
    metric: spec.normalised ? 'cosine' : 'l2',
    synthetic: true,
    textColumn: null,
    provenance: { generator: GENERATOR_VERSION, ...spec },
    expectedRows: spec.rows,
    base: () => batches(spec.rows, vectors.writeRow),
    queries: () => batches(spec.queries, vectors.writeQuery),
    declaredNeighbours: async () => null,
    close: () => {},
  };
}
