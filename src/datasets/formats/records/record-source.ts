import { basename } from 'node:path';
import type { DatasetSource, SourceBatch } from '../../import/source.js';
import { rowsPerBatch } from '../batches.js';
import { placeIn, type Place } from '../file-error.js';
import { nameOfFile } from '../input-file.js';
import { valueAt } from './field.js';
import { readVectorInto, type RecordFields } from './record-fields.js';
import { type PlacedRecord, type RecordFile, toRowParts } from './record-file.js';

/** A file of records that bring their vectors. */
export interface VectorRecordFile extends RecordFile {
  readonly fields: RecordFields;
  readonly expectedRows: number | null;
}

/** A file of records as a source of vectors, ids, texts and attributes. */
export function recordSource(file: VectorRecordFile): DatasetSource {
  const { path, fields } = file;
  const { dimensions } = fields.shape;
  let places: readonly Place[] = [];
  let start = 0;
  let bytesRead = 0;
  const onRead = (bytes: number): void => {
    bytesRead = bytes;
  };
  return {
    name: nameOfFile(path),
    dimensions,
    metric: null,
    synthetic: false,
    textColumn: fields.text?.name ?? null,
    ...(file.columnTypes ? { columnTypes: file.columnTypes } : {}),
    provenance: { file: basename(path), format: file.format, bytes: file.bytes },
    expectedRows: file.expectedRows,
    shareRead: () => Math.min(0.99, bytesRead / file.bytes),
    async *base() {
      start = 0;
      for await (const records of inGroups(file.records(onRead), rowsPerBatch(dimensions))) {
        places = records.map(({ place }) => place);
        yield toBatch(records, file);
        start += records.length;
      }
    },
    queries: () => null,
    locate: (_, row) => placeIn(path, places[row - start] ?? {}),
    declaredNeighbours: async () => null,
    close: () => {},
  };
}

async function* inGroups(records: AsyncIterable<PlacedRecord>, size: number): AsyncGenerator<PlacedRecord[]> {
  let group: PlacedRecord[] = [];
  for await (const record of records) {
    if (group.push(record) < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function toBatch(records: readonly PlacedRecord[], file: VectorRecordFile): SourceBatch {
  const { path, fields } = file;
  const { dimensions } = fields.shape;
  const vectors = new Float32Array(records.length * dimensions);
  const missing = new Set<number>();
  for (const [i, { record, place }] of records.entries()) {
    const target = vectors.subarray(i * dimensions, (i + 1) * dimensions);
    if (!readVectorInto(valueAt(record, fields.vector), fields, target, path, place)) missing.add(i);
  }
  return { rows: records.length, vectors, missing, ...toRowParts(records, file) };
}
