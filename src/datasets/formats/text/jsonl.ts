import { exportRows, type ExportTable } from '../export-table.js';
import { exportFields } from '../export-fields.js';
import { fileError, type Place } from '../file-error.js';
import type { FileFormat } from '../format.js';
import { inputSize, type OnRead } from '../input-file.js';
import { oneTableAFile } from '../one-table-a-file.js';
import { detectFields, detectRowFields, numbersOf, type FieldShape, type RowFields } from '../record-fields.js';
import type { PlacedRecord } from '../record-file.js';
import { recordSource } from '../record-source.js';
import { writeLines } from './file.js';
import { readTextLines } from './text-lines.js';
import { formatVector } from './vector-text.js';

const ONE_A_LINE = "Write one object a line: jq -c '.[]' does that for a file that is one large array.";

/** JSON Lines: one object a line, with an array of numbers and whatever else. */
export const jsonl: FileFormat = {
  name: 'JSON Lines',
  extensions: ['.jsonl', '.ndjson', '.jsonl.gz', '.ndjson.gz', '.jsonl.zst', '.ndjson.zst'],
  async open(path, options) {
    const first = await firstRecord(path);
    const fields = detectFields(path, shapesOf(first), options);
    const dimensions = numbersOf(first[fields.vector])?.length ?? 0;
    return recordSource({ ...(await recordFile(path, fields)), dimensions, expectedRows: null });
  },
  openRecords: async (path, options) =>
    recordFile(path, detectRowFields(path, shapesOf(await firstRecord(path)), options)),
  write: oneTableAFile((table, path, finalPath) => writeLines(path, finalPath, linesOf(table, finalPath))),
};

/** Text may be a vector, as `row_to_json` writes it, but beside an array of numbers it is something else. */
function shapesOf(first: PlacedRecord['record']): FieldShape[] {
  const isNumbers = (value: unknown): boolean => typeof numbersOf(value)?.[0] === 'number';
  const hasArray = Object.values(first).some((value) => Array.isArray(value) && isNumbers(value));
  return Object.entries(first).map(([name, value]) => ({
    name,
    isVector: isNumbers(value) && (Array.isArray(value) || !hasArray),
    isText: typeof value === 'string' || value === null,
  }));
}

const recordFile = async <Fields extends RowFields>(path: string, fields: Fields) => ({
  path,
  format: jsonl.name,
  bytes: await inputSize(path),
  fields,
  records: (onRead?: OnRead) => readRecords(path, onRead),
});

async function* linesOf(table: ExportTable, path: string): AsyncGenerator<string> {
  const { id, text, vector: field } = exportFields(table, path);
  for await (const { vector, row } of exportRows(table)) {
    const record = { [id]: row.id, ...(text === null ? {} : { [text]: row.text }), ...row.attributes };
    yield `${JSON.stringify(record).slice(0, -1)},${JSON.stringify(field)}:${formatVector(vector)}}`;
  }
}

async function firstRecord(path: string): Promise<PlacedRecord['record']> {
  for await (const { record } of readRecords(path)) return record;
  throw fileError(path, {}, 'there is nothing but blank lines.');
}

async function* readRecords(path: string, onRead?: OnRead): AsyncGenerator<PlacedRecord> {
  for await (const { text, place } of readTextLines(path, ONE_A_LINE, onRead))
    yield { record: parseRecord(text, path, place), place };
}

function parseRecord(text: string, path: string, place: Place): PlacedRecord['record'] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = /\b(?:NaN|Infinity)\b/.test(text) ? { hint: 'JSON has no NaN or Infinity: leave such rows out.' } : {};
    throw fileError(path, place, `expected a JSON object (${reason}).`, { ...hint, cause: error });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as PlacedRecord['record'];
  const got = Array.isArray(value) ? 'an array' : text.slice(0, 40);
  throw fileError(path, place, `expected a JSON object, got ${got}.`, { hint: ONE_A_LINE });
}
