import { basename } from 'node:path';
import { formatCount } from '../../../units.js';
import type { DatasetSource, SourceBatch } from '../../import/source.js';
import { fileError, placeIn, type Place } from '../file-error.js';
import { type PlacedRecord, type RecordFile, type RowParts, toRowParts } from './record-file.js';

/**
 * A source whose rows (or queries) have their ids, texts and attributes in another file: record i belongs to vector i.
 * What the source itself says of a row stays where the record says nothing; an id that both have must be the same.
 *
 * @param vectors path of the file with the vectors, for messages
 */
export function withRecords(
  source: DatasetSource,
  table: 'base' | 'queries',
  file: RecordFile,
  vectors: string,
): DatasetSource {
  const noun = table === 'base' ? 'vector' : 'query vector';
  const provenance = { file: basename(file.path), format: file.format, bytes: file.bytes };
  let places: readonly Place[] = [];
  let start = 0;

  async function* paired(batches: AsyncIterable<SourceBatch>): AsyncGenerator<SourceBatch> {
    const unread = file.records()[Symbol.asyncIterator]();
    start = 0;
    places = [];
    try {
      for await (const batch of batches) {
        const records = await take(unread, batch.rows);
        if (records.length < batch.rows) {
          const count = formatCount(start + records.length);
          const message = `expected a record for each ${noun} in ${vectors}, and there are only ${count} records.`;
          throw fileError(file.path, records.at(-1)?.place ?? places.at(-1) ?? {}, message);
        }
        places = records.map(({ place }) => place);
        yield { ...batch, ...merge(batch, records, file, vectors) };
        start += batch.rows;
      }
      const [extra] = await take(unread, 1);
      if (extra === undefined) return;
      const message = `expected a ${noun} for each record, and ${vectors} has only ${formatCount(start)}.`;
      throw fileError(file.path, extra.place, message);
    } finally {
      await unread.return?.();
    }
  }

  const locate = (of: 'base' | 'queries', row: number): string => {
    const vector = source.locate?.(of, row) ?? vectors;
    return of === table ? `${vector}, with ${placeIn(file.path, places[row - start] ?? {})}` : vector;
  };
  if (table === 'base') {
    return {
      ...source,
      textColumn: file.fields.text?.name ?? source.textColumn,
      columnTypes: new Map([...(source.columnTypes ?? []), ...(file.columnTypes ?? [])]),
      provenance: { ...(source.provenance as object), records: provenance },
      base: () => paired(source.base()),
      locate,
    };
  }
  return {
    ...source,
    provenance: { ...(source.provenance as object), queryRecords: provenance },
    queries() {
      const queries = source.queries();
      return queries && paired(queries);
    },
    locate,
  };
}

/** The next records, fewer at the end. */
async function take(records: AsyncIterator<PlacedRecord>, count: number): Promise<PlacedRecord[]> {
  const taken: PlacedRecord[] = [];
  while (taken.length < count) {
    const { value, done } = await records.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

function merge(batch: SourceBatch, records: readonly PlacedRecord[], file: RecordFile, vectors: string): RowParts {
  const { ids, attributes, texts } = toRowParts(records, file);
  for (const [i, { place }] of records.entries()) {
    const [id, of] = [ids?.[i], batch.ids?.[i]];
    if (id === undefined || of === undefined || String(id) === String(of)) continue;
    const message = `expected the id ${JSON.stringify(of)} of the vector in ${vectors}, got ${JSON.stringify(id)}.`;
    throw fileError(file.path, place, message, { hint: 'Records must be in the order of the vectors.' });
  }
  return {
    ids: ids ?? batch.ids,
    attributes: attributes?.map((own, i) => ({ ...batch.attributes?.[i], ...own })) ?? batch.attributes,
    texts: texts ?? batch.texts,
  };
}
