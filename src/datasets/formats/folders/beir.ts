import { readdir } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { readQrelsFile } from '../../import/qrels.js';
import type { DatasetSource, SourceBatch } from '../../import/source.js';
import { fbin } from '../binary/fbin.js';
import { fvecs } from '../binary/fvecs.js';
import { npy } from '../binary/npy.js';
import { withQueries } from '../combine.js';
import { fileError } from '../file-error.js';
import type { FieldOptions, FileFormat } from '../format.js';
import { withRecords } from '../records/with-records.js';
import { jsonl } from '../text/jsonl.js';

/**
 * A folder as BEIR keeps it: `corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv`, with the embeddings in the records or in
 * `corpus.npy` and `queries.npy` (`.fbin`, `.fvecs`), in their order. Judgements become the queries' own.
 */
export const beirFolder: FileFormat = {
  name: 'BEIR folder',
  extensions: [],
  isFolder: (names) => names.includes('corpus.jsonl'),
  files: async (folder) => Object.values(await partsOf(folder)).flatMap((path) => path ?? []),
  async open(folder, options) {
    const parts = await partsOf(folder);
    const corpus = await tableOf(parts.corpus, parts.corpusVectors, options);
    const named = { ...corpus, name: basename(resolve(folder)) };
    if (parts.queries === null) return named;
    const queries = await tableOf(parts.queries, parts.queryVectors, options);
    if (queries.dimensions !== corpus.dimensions) {
      const message = `expected queries of ${corpus.dimensions} dimensions as in the corpus, got ${queries.dimensions}.`;
      throw fileError(parts.queryVectors ?? parts.queries, {}, message);
    }
    const source = withQueries(named, queries);
    return parts.qrels === null ? source : { ...source, queries: () => judged(queries, parts.qrels!) };
  },
};

const VECTORS: readonly FileFormat[] = [npy, fbin, fvecs];

async function partsOf(folder: string) {
  const names = await readdir(folder);
  const qrels = await readdir(join(folder, 'qrels')).catch((): string[] => []);
  const part = (name: string): string | null => (names.includes(name) ? join(folder, name) : null);
  const vectors = (stem: string): string | null =>
    VECTORS.flatMap(({ extensions }) => extensions.map((end) => part(stem + end))).find((path) => path !== null) ??
    null;
  return {
    corpus: join(folder, 'corpus.jsonl'),
    corpusVectors: vectors('corpus'),
    queries: part('queries.jsonl'),
    queryVectors: vectors('queries'),
    qrels: qrels.includes('test.tsv') ? join(folder, 'qrels', 'test.tsv') : null,
  };
}

async function tableOf(records: string, vectors: string | null, options: FieldOptions): Promise<DatasetSource> {
  if (vectors === null) return jsonl.open(records, options);
  const format = VECTORS.find(({ extensions }) => extensions.includes(extname(vectors)))!;
  return withRecords(await format.open(vectors, {}), 'base', await jsonl.openRecords(records, options), vectors);
}

async function* judged(queries: DatasetSource, path: string): AsyncGenerator<SourceBatch> {
  const relevant = new Map<string, Record<string, number>>();
  for (const { query, row, grade } of await readQrelsFile(path)) {
    const grades = relevant.get(query) ?? {};
    relevant.set(query, grades);
    grades[row] = grade;
  }
  for await (const batch of queries.base()) {
    const attributes = Array.from({ length: batch.rows }, (_, i) => {
      const grades = relevant.get(String(batch.ids?.[i]));
      return { ...batch.attributes?.[i], ...(grades === undefined ? {} : { relevant: grades }) };
    });
    yield { ...batch, attributes };
  }
}
