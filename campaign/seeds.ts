import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportDataset, generateSource, importDataset } from '../src/datasets/index.js';
import { generateSchema } from '../src/config/index.js';

/** A healthy file, from which others are made. */
export interface SeedFile {
  /** The end of its name. */
  readonly end: string;
  readonly bytes: Buffer;
}

const WRITTEN = ['.fbin', '.fvecs', '.npy', '.vec', '.jsonl', '.jsonl.gz', '.csv', '.tsv', '.parquet', '.hdf5'];

/** A small dataset with ids, text and attributes in every format. */
export async function seedFiles(folder: string): Promise<SeedFile[]> {
  mkdirSync(folder, { recursive: true });
  const settings = {
    rows: 20,
    dimensions: 4,
    queries: 2,
    intrinsic_dimension: 2,
    clusters: 2,
    attributes: {
      lang: { kind: 'category' },
      tags: { kind: 'tags' },
      at: { kind: 'timestamp' },
      more: { kind: 'json' },
    },
    text: { words: 4 },
  };
  const dataset = await importDataset(join(folder, 'store'), generateSource(generateSchema.parse(settings)));
  const files: SeedFile[] = [];
  try {
    for (const end of WRITTEN) {
      const [path = ''] = await exportDataset(dataset, join(folder, `seed${end}`));
      files.push({ end, bytes: readFileSync(path) });
    }
  } finally {
    dataset.close();
  }
  return [...files, ...OTHERS.map(([end, text]) => ({ end, bytes: Buffer.from(text) }))];
}

const ROWS = Array.from({ length: 8 }, (_, i) => [
  `${i}`,
  `[${i},0.5,-1e-3,2]`,
  i === 3 ? '\\N' : `note\\t${i}`,
  '{"a":[1]}',
]);
const COPIED = ROWS.map((row) => `${row.join('\t')}\n`).join('');

/** Formats that are only read. */
const OTHERS: readonly (readonly [end: string, text: string])[] = [
  ['.copy', COPIED],
  ['.tsv', COPIED],
  ['.sql', `SET x = 0;\nCOPY public.items (id, embedding, note, meta) FROM stdin;\n${COPIED}\\.\n\nSELECT 1;\n`],
  [
    '.json',
    JSON.stringify(
      ROWS.map(([id, embedding, note]) => ({ id, embedding: JSON.parse(embedding!) as unknown, note })),
      null,
      1,
    ),
  ],
  ['.csv', ROWS.map(([id, embedding]) => `${id};"${embedding!.replaceAll(',', ' ')}";text\n`).join('')],
  ['.csv', `id,dim_0,dim_1,dim_2\n${ROWS.map(([id]) => `${id},0.1,2,-3\n`).join('')}`],
  [
    '.jsonl',
    ROWS.map(([id]) => `{"id":${id}.50,"body":{"data":[{"embedding":[1,2,${id}]}]},"big":1834567890123456701}\n`).join(
      '',
    ),
  ],
  [
    '.jsonl',
    ROWS.map(
      ([id]) =>
        `{"id":"${id}","v":"${Buffer.from(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8).buffer).toString('base64')}"}\n`,
    ).join(''),
  ],
  ['.txt', `8 3\n${ROWS.map(([id]) => `word${id} 0.1 0.2 ${id}\n`).join('')}`],
  ['.vec', ROWS.map(([id]) => `{1:${Number(id) + 1},3:2}/4\n`).join('')],
];
