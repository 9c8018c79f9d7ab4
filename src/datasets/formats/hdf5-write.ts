import type { File as Hdf5File } from 'h5wasm/node';
import type { Metric } from '../../vocabulary.js';
import { writeWhole, type ExportTable, type WriteFormat } from './export-table.js';
import { loadHdf5 } from './hdf5-library.js';

/** Our names in ann-benchmarks' words (`ann_benchmarks/distance.py`); it has none for l1. */
export const DISTANCES: Readonly<Partial<Record<Metric, string>>> = {
  cosine: 'angular',
  l2: 'euclidean',
  ip: 'ip',
  jaccard: 'jaccard',
  hamming: 'hamming',
};

/** About so many bytes of a matrix are stored together, and written at once. */
const CHUNK_BYTES = 1024 * 1024;

/** Writes base and queries into one file as ann-benchmarks does: vectors only, and the declared neighbours if any. */
export const writeHdf5: WriteFormat = async ({ manifest, base, queries, declaredNeighbours }, path) => {
  const h5wasm = await loadHdf5();
  const declared = await declaredNeighbours();
  const distance = manifest.metric === null ? undefined : DISTANCES[manifest.metric];
  await writeWhole(path, async (unfinished) => {
    const file = new h5wasm.File(unfinished, 'w');
    try {
      await writeTable(file, 'train', base);
      await writeTable(file, 'test', queries);
      if (declared) {
        file.create_dataset({ name: 'neighbors', data: declared.rows, shape: [queries.rows, declared.k], dtype: '<i' });
      }
      if (distance !== undefined) file.create_attribute('distance', distance);
    } finally {
      file.close();
    }
  });
  return [path];
};

async function writeTable(file: Hdf5File, name: string, { rows, dimensions, blocks }: ExportTable): Promise<void> {
  const chunkRows = Math.max(1, Math.min(rows, Math.floor(CHUNK_BYTES / (4 * dimensions))));
  // h5wasm allocates what it is given when a dataset is created: one chunk now, the rest by slices.
  const chunk = [chunkRows, dimensions];
  const data = new Float32Array(chunkRows * dimensions);
  const table = file.create_dataset({
    name,
    data,
    shape: chunk,
    dtype: '<f',
    maxshape: [rows, dimensions],
    chunks: chunk,
  });
  table.resize([rows, dimensions]);
  let start = 0;
  for await (const block of blocks()) {
    for (let from = 0; from < block.rows; from += chunkRows) {
      const to = Math.min(block.rows, from + chunkRows);
      const values = block.values.slice(from * dimensions, to * dimensions);
      table.write_slice(
        [
          [start + from, start + to],
          [0, dimensions],
        ],
        values,
      );
    }
    start += block.rows;
  }
}
