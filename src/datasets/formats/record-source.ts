import { basename } from 'node:path';
import type { DatasetSource, SourceBatch } from '../source.js';
import { rowsPerBatch } from './batches.js';
import { placeIn, type Place } from './file-error.js';
import { nameOfFile } from './input-file.js';
import { readId, readVectorInto, type RecordFields } from './record-fields.js';

/** One record of a file and where it stands. */
export interface PlacedRecord {
  readonly record: Readonly<Record<string, unknown>>;
  readonly place: Place;
}

export interface RecordFile {
  readonly path: string;
  readonly format: string;
  readonly bytes: number;
  readonly fields: RecordFields;
  readonly dimensions: number;
  readonly expectedRows: number | null;
  readonly records: () => AsyncIterable<PlacedRecord>;
}

/** A file of records as a source of vectors, ids, texts and attributes. */
export function recordSource(file: RecordFile): DatasetSource {
  const { path, fields, dimensions } = file;
  let places: readonly Place[] = [];
  let start = 0;
  return {
    name: nameOfFile(path),
    dimensions,
    metric: null,
    synthetic: false,
    textColumn: fields.text,
    provenance: { file: basename(path), format: file.format, bytes: file.bytes },
    expectedRows: file.expectedRows,
    async *base() {
      start = 0;
      for await (const records of inGroups(file.records(), rowsPerBatch(dimensions))) {
        places = records.map(({ place }) => place);
        yield toBatch(records, fields, dimensions, path);
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

function toBatch(
  records: readonly PlacedRecord[],
  fields: RecordFields,
  dimensions: number,
  path: string,
): SourceBatch {
  const vectors = new Float32Array(records.length * dimensions);
  for (const [i, { record, place }] of records.entries()) {
    readVectorInto(
      record[fields.vector],
      fields.vector,
      vectors.subarray(i * dimensions, (i + 1) * dimensions),
      path,
      place,
    );
  }
  const { id, text } = fields;
  const special = new Set([fields.vector, text, id]);
  const attributes = records.map(({ record }) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => !special.has(name))),
  );
  return {
    rows: records.length,
    vectors,
    ids: id === null ? null : records.map(({ record, place }) => readId(record[id], path, place)),
    attributes: attributes.every((of) => Object.keys(of).length === 0) ? null : attributes,
    texts: text === null ? null : records.map(({ record }) => readText(record[text])),
  };
}

/** Text may be missing; anything else that stands in its place is read as it is written. */
function readText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
