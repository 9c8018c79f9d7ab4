import type { File as Hdf5File } from 'h5wasm/node';
import type { Metric } from '../../../vocabulary.js';
import type { ExportTable, WriteFormat } from '../export-table.js';
import { loadHdf5 } from './library.js';
import { writeTogether } from '../write-together.js';

/** Our names in ann-benchmarks' words (`ann_benchmarks/distance.py`); it has none for l1. */
const DISTANCES: Readonly<Partial<Record<Metric, string>>> = {
  cosine: 'angular',
  l2: 'euclidean',
  ip: 'ip',
  jaccard: 'jaccard',
  hamming: 'hamming',
};

/** About so many bytes of a matrix are stored together, and written at once. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * Writes base and queries into one file as ann-benchmarks does: vectors only, and if there are neighbours, these and
 * their distances.
 */
export const writeHdf5: WriteFormat = async ({ manifest, base, queries, neighbours }, path) => {
  const h5wasm = await loadHdf5();
  const distance = manifest.metric === null ? undefined : DISTANCES[manifest.metric];
  const write = async (unfinished: string): Promise<void> => {
    const file = new h5wasm.File(unfinished, 'w');
    try {
      await writeTable(file, 'train', base);
      await writeTable(file, 'test', queries);
      if (neighbours) {
        const { k, rows, distances } = neighbours;
        const shape = [queries.rows, k];
        file.create_dataset({ name: 'neighbors', data: rows, shape, dtype: '<i' });
        if (distances) {
          file.create_dataset({ name: 'distances', data: Float32Array.from(distances), shape, dtype: '<f' });
        }
      }
      if (distance !== undefined) file.create_attribute('distance', distance);
    } finally {
      file.close();
    }
  };
  return writeTogether([{ path, write }]);
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
