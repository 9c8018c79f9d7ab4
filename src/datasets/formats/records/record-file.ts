import type { SqlType } from '../../../columns.js';
import type { SourceBatch } from '../../import/source.js';
import type { Place } from '../file-error.js';
import type { OnRead } from '../input-file.js';
import { type FileRecord, valueAt, withoutFields } from './field.js';
import { readId, type RowFields } from './record-fields.js';

/** One record of a file and its place. */
export interface PlacedRecord {
  readonly record: FileRecord;
  readonly place: Place;
}

/** A file of records, with vectors or without. */
export interface RecordFile {
  readonly path: string;
  readonly format: string;
  readonly bytes: number;
  readonly fields: RowFields;
  /** Types that the file declares for its columns; absent where it declares none. */
  readonly columnTypes?: ReadonlyMap<string, SqlType>;
  readonly records: (onRead?: OnRead) => AsyncIterable<PlacedRecord>;
}

/** What records say beside their vectors. */
export type RowParts = Pick<SourceBatch, 'ids' | 'attributes' | 'texts'>;

/** @throws {PgvtuneError} `dataset` for what is no id */
export function toRowParts(records: readonly PlacedRecord[], { path, fields }: RecordFile): RowParts {
  const { id, text } = fields;
  const attributes = records.map(({ record }) => attributesOf(record, fields));
  return {
    ids: id === null ? null : records.map(({ record, place }) => readId(valueAt(record, id), path, place)),
    attributes: attributes.every((of) => Object.keys(of).length === 0) ? null : attributes,
    texts: text === null ? null : records.map(({ record }) => readText(valueAt(record, text))),
  };
}

function attributesOf(record: FileRecord, { vector, id, text, attributes, ignored }: RowFields): FileRecord {
  if (attributes === null)
    return withoutFields(
      record,
      [vector, text, id, ...ignored].flatMap((field) => field ?? []),
    );
  return Object.fromEntries(attributes.map((field) => [field.name, valueAt(record, field) ?? null]));
}

/** Text may be missing; anything else in its place is read as it is written. */
function readText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
