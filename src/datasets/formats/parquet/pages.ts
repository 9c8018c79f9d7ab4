import type { ColumnMetaData, Compressors, DecodedArray, PageHeader, SchemaTree } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { convert, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import { PgvtuneError } from '../../../errors.js';
import { formatCount } from '../../../units.js';
import { fileError, type Place } from '../file-error.js';
import type { InputFile } from '../input-file.js';
import { decodeRuns } from './runs.js';
import { decodeValues } from './values.js';

/*
 * hyparquet's reading functions take a column chunk into memory as a whole, and writers commonly put a million rows into
 * one: 3 GB of vectors. They also trust run lengths, so that a flipped bit can fill the memory. So pages are read here
 * one at a time, with its decoders for what is harmless.
 */

/** Some entries of one leaf column, as Dremel levels and values. */
export interface LeafPage {
  /** For each entry, how much of its path is defined; empty when all of it is, everywhere. */
  readonly definitions: Uint32Array;
  /** For each entry, 0 when it starts a row; empty for columns without lists. */
  readonly repetitions: Uint32Array;
  /** The entries that are wholly defined. */
  readonly values: DecodedArray;
}

/** One leaf column of one row group. */
export interface LeafChunk {
  readonly metadata: ColumnMetaData;
  /** From the root of the schema to the leaf. */
  readonly schemaPath: readonly SchemaTree[];
  readonly compressors: Compressors;
}

const HEADER_BYTES = 64 * 1024;
/** Writers aim at 1 MiB a page. */
const MAX_PAGE_BYTES = 64 * 1024 * 1024;
const MAX_PAGE_VALUES = 16 * 1024 * 1024;

/** Where a column chunk's first page starts, which may be its dictionary, and where its last one ends. */
export function chunkRange(metadata: ColumnMetaData): { readonly from: number; readonly to: number } {
  const data = Number(metadata.data_page_offset);
  const dictionary = Number(metadata.dictionary_page_offset ?? 0);
  const from = dictionary > 0 && dictionary < data ? dictionary : data;
  return { from, to: from + Number(metadata.total_compressed_size) };
}

/**
 * Decodes a column chunk page by page.
 *
 * @throws {PgvtuneError} `dataset` for pages that claim more than there is, and for any that cannot be decoded
 */
export async function* readPages(file: InputFile, leaf: LeafChunk): AsyncGenerator<LeafPage> {
  const { metadata, schemaPath, compressors } = leaf;
  const { from, to } = chunkRange(metadata);
  const decompress = (bytes: Uint8Array, size: number): Uint8Array =>
    unpackPage(bytes, size, metadata.codec, compressors);
  const decoder = {
    pathInSchema: metadata.path_in_schema,
    type: metadata.type,
    element: schemaPath.at(-1)!.element,
    schemaPath: [...schemaPath],
    codec: metadata.codec,
    compressors,
    parsers: DEFAULT_PARSERS,
    // Bytes that the schema does not call text may be anything.
    utf8: false,
  };
  const valueType = { type: metadata.type, typeLength: decoder.element.type_length };
  const repetitionBits = bitWidth(getMaxRepetitionLevel(decoder.schemaPath));
  const defined = getMaxDefinitionLevel(decoder.schemaPath);
  let dictionary: DecodedArray | undefined;

  const decodeDataPage = (header: PageHeader, bytes: Uint8Array): LeafPage => {
    const { count, encoding, repetitionBytes, definitionBytes, data } = splitPage(
      header,
      bytes,
      repetitionBits > 0,
      defined > 0,
      decompress,
    );
    const repetitions = repetitionBits === 0 ? new Uint32Array() : decodeRuns(repetitionBytes, repetitionBits, count);
    const definitions = defined === 0 ? new Uint32Array() : decodeRuns(definitionBytes, bitWidth(defined), count);
    const valueCount = definitions.length === 0 ? count : countOf(defined, definitions);
    const values = decodeValues(data, valueCount, encoding, valueType);
    return {
      definitions: valueCount === count ? new Uint32Array() : definitions,
      repetitions,
      values: encoding.endsWith('_DICTIONARY') ? lookUp(dictionary, values) : convert(values, decoder),
    };
  };
  const decode = (header: PageHeader, bytes: Uint8Array): LeafPage | null => {
    if (header.type !== 'DICTIONARY_PAGE') return decodeDataPage(header, bytes);
    const page = decompress(bytes, header.uncompressed_page_size);
    dictionary = convert(decodeValues(page, header.dictionary_page_header!.num_values, 'PLAIN', valueType), decoder);
    return null;
  };

  for (let position = from; position < to;) {
    const head = await file.read(position, Math.min(position + HEADER_BYTES, to));
    const reader = { view: new DataView(head.buffer), offset: 0 };
    const header = decoding(file.path, position, () => parquetHeader(reader));
    checkHeader(file.path, position, header, to - position - reader.offset);
    const start = position + reader.offset;
    const end = start + header.compressed_page_size;
    const bytes =
      reader.offset + header.compressed_page_size <= head.length
        ? head.subarray(reader.offset, end - position)
        : await file.read(start, end);
    const page = decoding(file.path, position, () => decode(header, bytes));
    if (page !== null) yield page;
    position = end;
  }
}

/** The parts of a data page. In version 1 all of it is compressed, and levels begin with their length. */
function splitPage(
  header: PageHeader,
  bytes: Uint8Array,
  hasRepetitions: boolean,
  hasDefinitions: boolean,
  decompress: (bytes: Uint8Array, size: number) => Uint8Array,
) {
  const size = header.uncompressed_page_size;
  const v2 = header.data_page_header_v2;
  if (header.type === 'DATA_PAGE_V2' && v2) {
    const { repetition_levels_byte_length: repetitions, definition_levels_byte_length: definitions } = v2;
    const levels = repetitions + definitions;
    if (!(repetitions >= 0 && definitions >= 0 && levels <= bytes.length))
      throw new RangeError(`levels of ${levels} bytes are not possible`);
    const data = bytes.subarray(levels);
    return {
      count: v2.num_values,
      encoding: v2.encoding,
      repetitionBytes: bytes.subarray(0, repetitions),
      definitionBytes: bytes.subarray(repetitions, levels),
      data: v2.is_compressed === false ? alone(data) : decompress(data, size - levels),
    };
  }
  const v1 = header.data_page_header;
  if (header.type !== 'DATA_PAGE' || !v1) throw new Error(`a page of type ${header.type} is not supported`);
  const page = decompress(bytes, size);
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  let offset = 0;
  const levels = (areThere: boolean): Uint8Array => {
    if (!areThere) return new Uint8Array();
    const start = offset + 4;
    offset = start + view.getUint32(offset, true);
    return page.subarray(start, offset);
  };
  const repetitionBytes = levels(hasRepetitions);
  const definitionBytes = levels(hasDefinitions);
  return {
    count: v1.num_values,
    encoding: v1.encoding,
    repetitionBytes,
    definitionBytes,
    data: alone(page.subarray(offset)),
  };
}

function unpackPage(
  bytes: Uint8Array,
  size: number,
  codec: ColumnMetaData['codec'],
  compressors: Compressors,
): Uint8Array {
  const decompress = compressors[codec];
  if (codec !== 'UNCOMPRESSED' && decompress === undefined)
    throw new Error(`the compression ${codec} is not supported`);
  // Some decompressors cannot do nothing.
  const page = decompress === undefined ? bytes : size === 0 ? new Uint8Array() : decompress(bytes, size);
  if (page.length !== size) throw new RangeError(`expected a page of ${size} bytes, got ${page.length}`);
  return alone(page);
}

/** A copy if need be: decoders look at the buffer behind an array, and would read on into what follows. */
const alone = (bytes: Uint8Array): Uint8Array => (bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice());

function lookUp(dictionary: DecodedArray | undefined, positions: DecodedArray): unknown[] {
  const entries = dictionary ?? [];
  return Array.from(positions as Uint32Array, (position) => {
    if (position < entries.length) return entries[position] as unknown;
    throw new RangeError(`entry ${position} of a dictionary of ${entries.length} is not possible`);
  });
}

function countOf(level: number, levels: Uint32Array): number {
  let count = 0;
  for (const each of levels) if (each === level) count++;
  return count;
}

const bitWidth = (largest: number): number => 32 - Math.clz32(largest);

function checkHeader(path: string, byte: number, header: PageHeader, bytesLeft: number): void {
  const { compressed_page_size: compressed, uncompressed_page_size: uncompressed } = header;
  const values =
    header.data_page_header?.num_values ??
    header.data_page_header_v2?.num_values ??
    header.dictionary_page_header?.num_values ??
    -1;
  const isSize = (size: number, most: number): boolean => Number.isInteger(size) && size >= 0 && size <= most;
  if (
    !isSize(compressed, Math.min(bytesLeft, MAX_PAGE_BYTES)) ||
    !isSize(uncompressed, MAX_PAGE_BYTES) ||
    !isSize(values, MAX_PAGE_VALUES)
  ) {
    throw fileError(
      path,
      { byte },
      `a page claims ${formatCount(compressed)} bytes (${formatCount(uncompressed)} decompressed) and ${formatCount(values)} values, with ${formatCount(bytesLeft)} bytes left in its column chunk.`,
      { hint: 'The file is damaged, or written with pages of more than 64 MiB.' },
    );
  }
}

function decoding<T>(path: string, byte: number, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw undecodable(path, { byte }, error);
  }
}

/** Whatever a decoder trips over in a damaged file is the file's fault. */
export function undecodable(path: string, place: Place, error: unknown): PgvtuneError {
  if (error instanceof PgvtuneError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return fileError(path, place, `cannot be decoded as Parquet (${reason}).`, {
    hint: 'The file is cut off, damaged or of another format.',
    cause: error,
  });
}
