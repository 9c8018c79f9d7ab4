import type { ColumnMetaData, Compressors, DecodedArray, PageHeader, SchemaTree } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { convert, convertWithDictionary, DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { decompressPage, readDataPage, readDataPageV2 } from 'hyparquet/src/datapage.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { PgvtuneError } from '../../errors.js';
import { formatCount } from '../../units.js';
import { fileError, type Place } from './file-error.js';
import type { InputFile } from './input-file.js';

/*
 * hyparquet's own reading functions take a column chunk into memory as a whole, and writers commonly put a million rows
 * into one: 3 GB of vectors. Its functions for a single page are put together here so that one page is held at a time.
 */

/** Some entries of one leaf column, as Dremel levels and values. */
export interface LeafPage {
  /** For each entry, how much of its path is defined; empty when all of it is, everywhere. */
  readonly definitions: readonly number[];
  /** For each entry, 0 when it starts a row; empty for columns without lists. */
  readonly repetitions: readonly number[];
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
  const decoder = {
    pathInSchema: metadata.path_in_schema,
    type: metadata.type,
    element: schemaPath.at(-1)!.element,
    schemaPath: [...schemaPath],
    codec: metadata.codec,
    compressors,
    parsers: DEFAULT_PARSERS,
  };
  let dictionary: DecodedArray | undefined;

  const decode = (header: PageHeader, bytes: Uint8Array): LeafPage | null => {
    const size = header.uncompressed_page_size;
    if (header.type === 'DICTIONARY_PAGE') {
      const page = decompressPage(bytes, size, metadata.codec, compressors);
      const reader = { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: 0 };
      const count = header.dictionary_page_header!.num_values;
      dictionary = convert(readPlain(reader, metadata.type, count, decoder.element.type_length), decoder);
      return null;
    }
    const [data, { encoding }] =
      header.type === 'DATA_PAGE_V2'
        ? ([readDataPageV2(bytes, header, decoder), header.data_page_header_v2!] as const)
        : ([
            readDataPage(decompressPage(bytes, size, metadata.codec, compressors), header.data_page_header!, decoder),
            header.data_page_header!,
          ] as const);
    return {
      definitions: data.definitionLevels ?? [],
      repetitions: data.repetitionLevels,
      values: convertWithDictionary(data.dataPage, dictionary, encoding, decoder),
    };
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
