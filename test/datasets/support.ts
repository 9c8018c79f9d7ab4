import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createColumnCensus } from '../../src/datasets/import/column-types.js';
import type { Dataset, DatasetSource, DeclaredNeighbours, RowData, SourceBatch } from '../../src/datasets/index.js';
import type { Metric } from '../../src/vocabulary.js';

/** A folder that is gone after the test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pgvtune-datasets-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Rows {
  readonly vectors: readonly (readonly number[])[];
  readonly ids?: readonly (string | number)[];
  readonly texts?: readonly (string | null)[];
  readonly attributes?: readonly Readonly<Record<string, unknown>>[];
}

export interface SourceParts extends Rows {
  readonly dimensions?: number;
  readonly name?: string;
  readonly metric?: Metric | null;
  readonly textColumn?: string | null;
  readonly queries?: Rows;
  readonly declared?: DeclaredNeighbours;
  readonly rowsPerBatch?: number;
}

/** A source made by hand, which reuses its arrays as sources may. */
export function sourceOf(parts: SourceParts): DatasetSource & { readonly closed: () => boolean } {
  const dimensions = parts.dimensions ?? parts.vectors[0]?.length ?? 1;
  let closed = false;
  return {
    name: parts.name ?? 'hand-made',
    dimensions,
    metric: parts.metric ?? null,
    synthetic: false,
    textColumn: parts.textColumn ?? null,
    provenance: { made: 'by hand' },
    expectedRows: parts.vectors.length,
    base: () => batchesOf(parts, dimensions, parts.rowsPerBatch ?? 3),
    queries: () => (parts.queries ? batchesOf(parts.queries, dimensions, 3) : null),
    declaredNeighbours: async () => parts.declared ?? null,
    close: () => {
      closed = true;
    },
    closed: () => closed,
  };
}

async function* batchesOf(rows: Rows, dimensions: number, rowsPerBatch: number): AsyncGenerator<SourceBatch> {
  const reused = new Float32Array(rowsPerBatch * dimensions);
  for (let start = 0; start < rows.vectors.length; start += rowsPerBatch) {
    const vectors = rows.vectors.slice(start, start + rowsPerBatch);
    reused.set(vectors.flat());
    const end = start + vectors.length;
    yield {
      rows: vectors.length,
      vectors: reused.subarray(0, vectors.flat().length),
      ids: rows.ids?.slice(start, end) ?? null,
      attributes: rows.attributes?.slice(start, end) ?? null,
      texts: rows.texts?.slice(start, end) ?? null,
    };
    reused.fill(NaN);
  }
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Base vectors as plain numbers; the two zeros count as one. */
export async function baseVectors(dataset: Dataset, rowsPerBlock?: number): Promise<number[][]> {
  const vectors: number[][] = [];
  for await (const { rows, dimensions, values } of dataset.blocks(rowsPerBlock)) {
    for (let i = 0; i < rows; i++) vectors.push(plain(values.subarray(i * dimensions, (i + 1) * dimensions)));
  }
  return vectors;
}

export const queryVectors = ({ queries: { rows, dimensions, values } }: Dataset): number[][] =>
  Array.from({ length: rows }, (_, i) => plain(values.subarray(i * dimensions, (i + 1) * dimensions)));

export const plain = (values: Iterable<number>): number[] => Array.from(values, (value) => value + 0);

export const rowsOf = (dataset: Dataset): Promise<RowData[]> => collect(dataset.rows());

/** A dataset in memory, as it would be opened from a store. */
export function datasetOf(parts: SourceParts & { readonly queries: Rows }): Dataset {
  const dimensions = parts.vectors[0]!.length;
  const census = createColumnCensus();
  for (const attributes of [...(parts.attributes ?? []), ...(parts.queries.attributes ?? [])]) census.add(attributes);
  const values = Float32Array.from(parts.vectors.flat());
  return {
    manifest: {
      version: 1,
      name: 'in-memory',
      hash: '0'.repeat(64),
      rows: parts.vectors.length,
      dimensions,
      queries: parts.queries.vectors.length,
      queriesHeldOut: false,
      metric: parts.metric ?? null,
      synthetic: false,
      columns: census.columns(),
      textColumn: parts.textColumn ?? null,
      checks: { duplicateRows: 0, zeroRows: 0, zeroQueries: 0, queriesInBase: 0 },
      source: null,
    },
    queries: {
      rows: parts.queries.vectors.length,
      dimensions,
      values: Float32Array.from(parts.queries.vectors.flat()),
    },
    async *blocks(rowsPerBlock = 3) {
      for (let start = 0; start < parts.vectors.length; start += rowsPerBlock) {
        const rows = Math.min(rowsPerBlock, parts.vectors.length - start);
        yield { start, rows, dimensions, values: values.slice(start * dimensions, (start + rows) * dimensions) };
      }
    },
    vector: (row) => values.slice(row * dimensions, (row + 1) * dimensions),
    rows: () => rowData(parts),
    queryRows: () => rowData(parts.queries),
    declaredNeighbours: async () => parts.declared ?? null,
    cacheFolder: '',
    close: () => undefined,
  };
}

async function* rowData({ vectors, ids, texts, attributes }: Rows): AsyncGenerator<RowData> {
  for (const i of vectors.keys())
    yield { id: ids?.[i] ?? i, text: texts?.[i] ?? null, attributes: attributes?.[i] ?? {} };
}

/** Everything that a source yields, copied, with its vectors as plain numbers. */
export async function drain(batches: AsyncIterable<SourceBatch> | null, dimensions: number): Promise<Required<Rows>> {
  const all = {
    vectors: [] as number[][],
    ids: [] as (string | number)[],
    texts: [] as (string | null)[],
    attributes: [] as object[],
  };
  for await (const { rows, vectors, ids, texts, attributes } of batches ?? []) {
    for (let i = 0; i < rows; i++) all.vectors.push(plain(vectors.subarray(i * dimensions, (i + 1) * dimensions)));
    all.ids.push(...(ids ?? []));
    all.texts.push(...(texts ?? []));
    all.attributes.push(...(attributes ?? []));
  }
  return all as Required<Rows>;
}
