import { Readable } from 'node:stream';
import { parse, type Info } from 'csv-parse';
import { PgvtuneError } from '../../../errors.js';
import { formatBytes } from '../../../units.js';
import { fileError } from '../file-error.js';
import { type OnRead, readText } from '../input-file.js';
import { MAX_LINE_BYTES } from './lines.js';
import type { PlacedCells } from './table.js';
import { onlyUtf8 } from './utf8.js';

/** The separators that files called CSV are written with, the likeliest first. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** Records of RFC 4180 with any separator. An empty cell without quotes is null. */
export async function* readCsvCells(path: string, delimiter: Delimiter, onRead?: OnRead): AsyncGenerator<PlacedCells> {
  const text = Readable.from(onlyUtf8(path, readText(path, onRead)), { objectMode: false });
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    // What begins without a quotation mark is taken as it is, also JSON.
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_LINE_BYTES,
    cast: (cell, { quoting }) => (cell === '' && !quoting ? null : cell),
  });
  // A failure to read must end the parser too; its own failures end the reading in `finally`.
  text.on('error', (error) => parser.destroy(error));
  let place = { line: 1, byte: 0 };
  try {
    for await (const { record, info } of text.pipe(parser) as AsyncIterable<{
      record: (string | null)[];
      info: Info;
    }>) {
      yield { cells: record, place };
      place = { line: info.lines + 1, byte: info.bytes };
    }
  } catch (error) {
    if (error instanceof PgvtuneError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const isTooLong = /max_record_size/i.test(reason);
    const message = isTooLong
      ? `the record is longer than ${formatBytes(MAX_LINE_BYTES)}.`
      : `expected CSV (${reason}).`;
    throw fileError(path, place, message, { cause: error });
  } finally {
    text.destroy();
    parser.destroy();
  }
}
