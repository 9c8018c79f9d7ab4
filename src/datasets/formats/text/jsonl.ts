import { exportRows, type ExportTable } from '../export-table.js';
import { exportFields } from '../export-fields.js';
import { fileError, type Place } from '../file-error.js';
import type { FileFormat } from '../format.js';
import { inputSize, type OnRead } from '../input-file.js';
import { oneTableAFile } from '../one-table-a-file.js';
import type { Field, FileRecord } from '../records/field.js';
import { detectFields, detectRowFields, type RowFields } from '../records/record-fields.js';
import type { PlacedRecord } from '../records/record-file.js';
import { recordSource } from '../records/record-source.js';
import { SAMPLE_RECORDS } from '../records/shapes.js';
import { formatVector } from '../vectors/vector-text.js';
import { writeLines } from './file.js';
import { readJsonArray } from './json-array.js';
import { numberAsWritten, parseJson } from './json.js';
import { readTextLines, type TextLine } from './text-lines.js';

const ONE_A_LINE = 'Write one object a line, or call a file that is one large array .json.';

/** JSON Lines: one object a line, with an array of numbers and whatever else; or one such array a line. */
export const jsonl: FileFormat & RecordFormat = {
  ...formatOf('JSON Lines', (path, onRead) => readTextLines(path, ONE_A_LINE, onRead)),
  extensions: ['.jsonl', '.ndjson', '.jsonl.gz', '.ndjson.gz', '.jsonl.zst', '.ndjson.zst'],
  write: oneTableAFile((table, path, finalPath) => writeLines(path, finalPath, linesOf(table, finalPath))),
};

/** One JSON array of what JSON Lines hold. */
export const json: FileFormat = {
  ...formatOf('JSON', readJsonArray),
  extensions: ['.json', '.json.gz', '.json.zst'],
};

type RecordFormat = Pick<FileFormat, 'name' | 'open'> & Required<Pick<FileFormat, 'openRecords'>>;

type ReadTexts = (path: string, onRead?: OnRead) => AsyncIterable<TextLine>;

function formatOf(name: string, texts: ReadTexts): RecordFormat {
  const file = async <Fields extends RowFields>(path: string, fields: Fields) => ({
    path,
    format: name,
    bytes: await inputSize(path),
    fields,
    records: (onRead?: OnRead) => readRecords(path, texts, { onRead, id: fields.id }),
  });
  return {
    name,
    async open(path, options) {
      const fields = detectFields(path, await firstRecords(path, texts), options);
      return recordSource({ ...(await file(path, fields)), fields, expectedRows: null });
    },
    openRecords: async (path, options) => file(path, detectRowFields(path, await firstRecords(path, texts), options)),
  };
}

async function* linesOf(table: ExportTable, path: string): AsyncGenerator<string> {
  const { id, text, vector: field } = exportFields(table, path);
  for await (const { vector, row } of exportRows(table)) {
    const record = { [id]: row.id, ...(text === null ? {} : { [text]: row.text }), ...row.attributes };
    yield `${JSON.stringify(record).slice(0, -1)},${JSON.stringify(field)}:${formatVector(vector)}}`;
  }
}

async function firstRecords(path: string, texts: ReadTexts): Promise<FileRecord[]> {
  const records: FileRecord[] = [];
  for await (const { record } of readRecords(path, texts, { onRead: undefined, id: null })) {
    if (records.push(record) === SAMPLE_RECORDS) break;
  }
  if (records.length > 0) return records;
  throw fileError(path, {}, 'there is nothing but blank lines.');
}

async function* readRecords(
  path: string,
  texts: ReadTexts,
  { onRead, id }: { readonly onRead: OnRead | undefined; readonly id: Field | null },
): AsyncGenerator<PlacedRecord> {
  for await (const { text, place } of texts(path, onRead)) {
    yield { record: withIdAsWritten(parseRecord(text, path, place), text, id), place };
  }
}

/** What a line that is nothing but a vector is taken for. */
const VECTOR = 'embedding';

function parseRecord(text: string, path: string, place: Place): FileRecord {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw fileError(path, place, `expected a JSON object (${reason}).`, { cause: error });
  }
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number' || item === null)) {
    return { [VECTOR]: value };
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as FileRecord;
  const got = Array.isArray(value) ? 'an array' : text.slice(0, 40);
  throw fileError(path, place, `expected a JSON object, got ${got}.`, { hint: ONE_A_LINE });
}

/** JSON knows no difference between 1501.0259 and 1501.02590, which may be two ids. */
function withIdAsWritten(record: FileRecord, text: string, id: Field | null): FileRecord {
  const value = id?.kind === 'member' ? record[id.name] : undefined;
  if (id === null || typeof value !== 'number' || Number.isInteger(value)) return record;
  return { ...record, [id.name]: numberAsWritten(text, id.name, value) };
}
