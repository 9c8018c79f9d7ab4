import type { Matrix } from '../../vocabulary.js';
import type { Column, Dataset, DeclaredNeighbours, RowData } from '../store/dataset.js';
import type { DatasetManifest } from '../store/manifest.js';

/** Rows to be written, or queries. */
export interface ExportTable {
  readonly rows: number;
  readonly dimensions: number;
  /** All vectors in order, some at a time; the array may be reused. */
  readonly blocks: () => AsyncIterable<Matrix>;
  readonly rowData: () => AsyncIterable<RowData>;
  readonly columns: readonly Column[];
  readonly textColumn: string | null;
}

/** Neighbours to be written. */
export interface ExportNeighbours extends DeclaredNeighbours {
  /** queries × k; absent when only the rows are known. */
  readonly distances?: Float64Array;
}

/** A dataset to be written. */
export interface ExportDataset {
  readonly manifest: DatasetManifest;
  readonly base: ExportTable;
  readonly queries: ExportTable;
  readonly neighbours: ExportNeighbours | null;
}

/** Writes to `path`, and maybe beside it. Gives the files that it wrote. */
export type WriteFormat = (dataset: ExportDataset, path: string) => Promise<readonly string[]>;

/**
 * @param onBlock called before each block of the base with the rows so far; may throw to stop
 */
export function exportTables(
  dataset: Dataset,
  neighbours: ExportNeighbours | null,
  onBlock: (rowsDone: number) => void,
): ExportDataset {
  const { manifest, queries } = dataset;
  const { rows, dimensions, columns, textColumn } = manifest;
  const shared = { dimensions, columns, textColumn };
  const base: ExportTable = {
    ...shared,
    rows,
    async *blocks() {
      for await (const block of dataset.blocks()) {
        onBlock(block.start);
        yield block;
      }
    },
    rowData: () => dataset.rows(),
  };
  return {
    manifest,
    base,
    queries: {
      ...shared,
      rows: queries.rows,
      async *blocks() {
        yield queries;
      },
      rowData: () => dataset.queryRows(),
    },
    neighbours,
  };
}

/** Vectors with what belongs to them, row by row. */
export async function* exportRows(
  table: ExportTable,
): AsyncGenerator<{ readonly vector: Float32Array; readonly row: RowData }> {
  const data = table.rowData()[Symbol.asyncIterator]();
  try {
    for await (const { rows, dimensions, values } of table.blocks()) {
      for (let i = 0; i < rows; i++) {
        const { value, done } = await data.next();
        if (done) throw new Error(`Expected ${table.rows} rows, got fewer.`);
        yield { vector: values.subarray(i * dimensions, (i + 1) * dimensions), row: value };
      }
    }
  } finally {
    // This closes its file.
    await data.return?.();
  }
}
