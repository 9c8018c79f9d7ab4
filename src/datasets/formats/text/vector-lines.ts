import { exportRows, type ExportTable } from '../export-table.js';
import { fileError } from '../file-error.js';
import type { FileFormat } from '../format.js';
import { inputSize, type OnRead } from '../input-file.js';
import { oneTableAFile } from '../one-table-a-file.js';
import { detectFields } from '../records/record-fields.js';
import type { PlacedRecord } from '../records/record-file.js';
import { recordSource } from '../records/record-source.js';
import { explainNoVector, formatVector, parseNumber, parseVector } from '../vectors/vector-text.js';
import { writeLines } from './file.js';
import { readTextLines, type TextLine } from './text-lines.js';

const FIELD = 'embedding';

/**
 * One vector a line: in pgvector's text form, as `\copy (SELECT embedding FROM …) TO 'file.vec'` writes it, or as numbers
 * between blanks or commas. A word may come before them, which is the id (GloVe), and above all of them a line with the
 * count of words and of dimensions (word2vec).
 */
export const vectorLines: FileFormat = {
  name: 'one vector a line',
  extensions: ['.vec', '.vec.gz', '.txt', '.txt.gz'],
  async open(path) {
    const bytes = await inputSize(path);
    const layout = await layoutOf(path);
    const records = (onRead?: OnRead): AsyncIterable<PlacedRecord> => readRecords(path, layout, onRead);
    for await (const { record } of records()) {
      const fields = detectFields(path, [record], { vectorField: FIELD });
      return recordSource({ path, format: vectorLines.name, bytes, fields, expectedRows: null, records });
    }
    throw fileError(path, {}, 'there is nothing but blank lines.');
  },
  write: oneTableAFile((table, path, finalPath) => writeLines(path, finalPath, linesOf(table))),
};

async function* linesOf(table: ExportTable): AsyncGenerator<string> {
  for await (const { vector } of exportRows(table)) yield formatVector(vector);
}

interface LineLayout {
  readonly separator: RegExp;
  /** The first line says how many words and dimensions there are. */
  readonly hasCounts: boolean;
  /** Numbers of a line of words; null: there is nothing but vectors. */
  readonly dimensionsOfWords: number | null;
}

/** By the first two lines. */
async function layoutOf(path: string): Promise<LineLayout> {
  const lines: string[] = [];
  for await (const { text } of readTextLines(path, ONE_A_LINE)) if (lines.push(text) === 2) break;
  const [first = '', second = first] = lines;
  const areNumbers = (texts: readonly string[]): boolean => texts.every((text) => parseNumber(text) !== null);
  const separator = first.includes(',') && areNumbers(first.split(',').slice(1)) ? /\s*,\s*/ : /\s+/;
  const parts = first.trim().split(separator);
  const [, counted = ''] = parts;
  const hasCounts =
    parts.length === 2 &&
    parts.every((part) => /^\d+$/.test(part)) &&
    Number(counted) > 1 &&
    second.trim().split(separator).length === Number(counted) + 1;
  if (hasCounts) return { separator, hasCounts, dimensionsOfWords: Number(counted) };
  const isWord = parts.length > 2 && !/^[[{]./.test(first.trim()) && !areNumbers(parts.slice(0, 1));
  return { separator, hasCounts, dimensionsOfWords: isWord ? parts.length - 1 : null };
}

const ONE_A_LINE = 'Write one vector a line.';

async function* readRecords(path: string, layout: LineLayout, onRead?: OnRead): AsyncGenerator<PlacedRecord> {
  let isCounts = layout.hasCounts;
  for await (const line of readTextLines(path, ONE_A_LINE, onRead)) {
    if (!isCounts) yield { record: readLine(path, line, layout), place: line.place };
    isCounts = false;
  }
}

function readLine(
  path: string,
  { text, place }: TextLine,
  { separator, dimensionsOfWords }: LineLayout,
): PlacedRecord['record'] {
  const parts = text.trim().split(separator);
  // A word may have blanks in it.
  const words = dimensionsOfWords === null ? 0 : Math.max(1, parts.length - dimensionsOfWords);
  const vector = dimensionsOfWords === null ? (parseVector(text) ?? numbersIn(parts)) : numbersIn(parts.slice(words));
  if (vector !== null) {
    return words === 0 ? { [FIELD]: vector } : { id: parts.slice(0, words).join(' '), [FIELD]: vector };
  }
  const because = explainNoVector(text);
  const got = because?.reason ?? JSON.stringify(text.slice(0, 40));
  throw fileError(path, place, `expected a vector such as [1,2,3], got ${got}.`, {
    hint: because?.hint ?? 'Write one vector a line, or the name of the file with another end.',
  });
}

function numbersIn(parts: readonly string[]): number[] | null {
  const numbers = parts.map(parseNumber);
  return numbers.length === 0 || numbers.includes(null) ? null : (numbers as number[]);
}
