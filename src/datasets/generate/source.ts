import type { GenerateSpec } from '../../config/index.js';
import { shortHash } from '../../canonical-json.js';
import type { DatasetSource, SourceBatch } from '../import/source.js';
import { createAttributeWriter } from './attributes.js';
import { createClusters } from './clusters.js';
import { createLineage } from './lineage.js';
import { createRowRandom } from './row-random.js';
import { createTextWriter, type TextWriter } from './text.js';
import { createVectorWriter } from './vectors.js';

/** Raised whenever the same settings give other data than before. */
const GENERATOR_VERSION = 1;

const ROWS_PER_BATCH = 1024;

/** How to write one row of the base, or one query. */
interface Writer {
  vector(row: number, out: Float32Array, offset: number): void;
  attributes(row: number): Record<string, unknown>;
  text(texts: TextWriter, row: number): string;
}

/**
 * A dataset made from settings alone: the same settings give the same bytes, and a dataset with more rows begins with
 * the rows of the smaller one. Memory does not depend on the number of rows.
 *
 * Reading it throws {@link PgvtuneError} `usage` for a locale without words.
 */
export function generateSource(spec: GenerateSpec): DatasetSource {
  const random = createRowRandom(spec.seed);
  const clusters = createClusters(spec, random);
  const lineage = createLineage(spec, clusters, random);
  const vectors = createVectorWriter(spec, clusters, lineage, random);
  const attributes = createAttributeWriter(spec, lineage);
  const provenance = { generator: GENERATOR_VERSION, ...spec };
  const hasAttributes = Object.keys(spec.attributes).length > 0;

  async function* batches(rows: number, write: Writer): AsyncGenerator<SourceBatch> {
    const texts = spec.text === undefined ? null : await createTextWriter(spec.seed, spec.text, lineage);
    const values = new Float32Array(Math.min(rows, ROWS_PER_BATCH) * spec.dimensions);
    for (let start = 0; start < rows; start += ROWS_PER_BATCH) {
      const numbers = Array.from({ length: Math.min(ROWS_PER_BATCH, rows - start) }, (_, i) => start + i);
      for (const row of numbers) write.vector(row, values, (row - start) * spec.dimensions);
      yield {
        rows: numbers.length,
        vectors: values.subarray(0, numbers.length * spec.dimensions),
        ids: null,
        attributes: hasAttributes ? numbers.map((row) => write.attributes(row)) : null,
        texts: texts === null ? null : numbers.map((row) => write.text(texts, row)),
      };
    }
  }

  return {
    name: `generated-${spec.rows}x${spec.dimensions}-${shortHash(provenance).slice(0, 8)}`,
    dimensions: spec.dimensions,
    metric: spec.normalised ? 'cosine' : 'l2',
    synthetic: true,
    textColumn: spec.text === undefined ? null : 'content',
    provenance,
    expectedRows: spec.rows,
    base: () =>
      batches(spec.rows, {
        vector: (row, out, offset) => vectors.writeRow(row, out, offset),
        attributes: (row) => attributes.ofRow(row),
        text: (texts, row) => texts.ofRow(row),
      }),
    queries: () =>
      batches(spec.queries, {
        vector: (query, out, offset) => vectors.writeQuery(query, out, offset),
        attributes: (query) => attributes.ofQuery(query),
        text: (texts, query) => texts.ofQuery(query),
      }),
    declaredNeighbours: async () => null,
    close: () => {},
  };
}
