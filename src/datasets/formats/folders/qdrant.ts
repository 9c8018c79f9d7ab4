import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { DatasetSource, SourceBatch } from '../../import/source.js';
import { npy } from '../binary/npy.js';
import { withQueries } from '../combine.js';
import type { FileFormat } from '../format.js';
import { withRecords } from '../records/with-records.js';
import { jsonl } from '../text/jsonl.js';

/**
 * A folder as qdrant's `ann-filtering-benchmark-datasets` keeps it: `vectors.npy`, `payloads.jsonl` with the attributes in
 * the order of the vectors, `tests.jsonl` with query vectors, their conditions and the nearest rows that meet them.
 */
export const qdrantFolder: FileFormat = {
  name: 'qdrant folder',
  extensions: [],
  isFolder: (names) => names.includes('vectors.npy'),
  files: async (folder) => Object.values(await partsOf(folder)).flatMap((path) => path ?? []),
  async open(folder, options) {
    const { vectors, payloads, tests } = await partsOf(folder);
    const base = await npy.open(vectors, {});
    const rows =
      payloads === null ? base : withRecords(base, 'base', await jsonl.openRecords(payloads, options), vectors);
    const named = { ...rows, name: basename(resolve(folder)) };
    if (tests === null) return named;
    const queries = await jsonl.open(tests, { vectorField: QUERY });
    const judged = conditioned(withQueries(named, queries), queries);
    return { ...judged, notes: [{ code: 'files-ignored', data: { files: [`${basename(tests)} (closest_ids)`] } }] };
  },
};

const QUERY = 'query';
/** What is known of the answers belongs to the conditions, and is computed for every filter that is measured. */
const ANSWERS = ['closest_ids', 'closest_scores'];

async function partsOf(folder: string) {
  const names = await readdir(folder);
  const part = (name: string): string | null => (names.includes(name) ? join(folder, name) : null);
  return { vectors: join(folder, 'vectors.npy'), payloads: part('payloads.jsonl'), tests: part('tests.jsonl') };
}

function conditioned(source: DatasetSource, queries: DatasetSource): DatasetSource {
  async function* withoutAnswers(): AsyncGenerator<SourceBatch> {
    for await (const batch of queries.base()) {
      const attributes = batch.attributes?.map((of) =>
        Object.fromEntries(Object.entries(of).filter(([name]) => !ANSWERS.includes(name))),
      );
      yield { ...batch, attributes: attributes ?? null };
    }
  }
  return { ...source, queries: withoutAnswers };
}
