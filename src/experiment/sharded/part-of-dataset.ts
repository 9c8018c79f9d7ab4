import { shortHash } from '../../canonical-json.js';
import type { Dataset } from '../../datasets/index.js';

/** Rows are dealt to the shards by their number: row r is on shard r modulo their count. */
export const isOnShard = (row: number, shard: number, shards: number): boolean => row % shards === shard;

/** As much of a dataset as is loaded into one shard: its rows keep their numbers. */
export function partOfDataset(dataset: Dataset, shard: number, shards: number): Dataset {
  const { manifest } = dataset;
  const rows = Math.floor((manifest.rows - shard + shards - 1) / shards);
  return {
    ...dataset,
    manifest: { ...manifest, rows, hash: shortHash([manifest.hash, shard, shards]) },
    async *blocks(rowsPerBlock) {
      for await (const { start, rows: count, dimensions, values } of dataset.blocks(rowsPerBlock)) {
        for (let i = 0; i < count; i++) {
          if (!isOnShard(start + i, shard, shards)) continue;
          yield {
            start: start + i,
            rows: 1,
            dimensions,
            values: values.subarray(i * dimensions, (i + 1) * dimensions),
          };
        }
      }
    },
  };
}
