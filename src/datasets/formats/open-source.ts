import type { DatasetSource } from '../source.js';
import { fileError } from './file-error.js';
import type { FieldOptions } from './format.js';
import { formatOf } from './registry.js';

export interface SourceFileOptions extends FieldOptions {
  /** A second file, of any format, whose rows are the queries: instead of the first one's own, if it has any. */
  readonly queriesFile?: string;
}

/**
 * A file of vectors as a source; its format is told by its name.
 *
 * @throws {PgvtuneError} `dataset` when it is missing, of no known format, or not what its name says
 */
export async function openSource(path: string, options: SourceFileOptions = {}): Promise<DatasetSource> {
  const { queriesFile, ...fields } = options;
  const base = await (await formatOf(path)).open(path, fields);
  if (queriesFile === undefined) return base;
  try {
    const queries = await (await formatOf(queriesFile)).open(queriesFile, fields);
    if (queries.dimensions === base.dimensions) return withQueries(base, queries);
    queries.close();
    throw fileError(
      queriesFile,
      {},
      `expected queries of ${base.dimensions} dimensions as in ${path}, got ${queries.dimensions}.`,
    );
  } catch (error) {
    base.close();
    throw error;
  }
}

function withQueries(base: DatasetSource, queries: DatasetSource): DatasetSource {
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
