import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { parquetMetadataAsync, parquetSchema, type Compressors, type RowGroup, type SchemaTree } from 'hyparquet';
import { getTreePath } from 'hyparquet/src/schema.js';
import { formatCount } from '../../../units.js';
import { fileError } from '../file-error.js';
import { openInput, type InputFile } from '../input-file.js';
import { chunkRange, readPages, undecodable } from './pages.js';
import { columnRows, vectorRows, type Leaf } from './rows.js';

/**
 * Values for each byte of the file beyond which a column is taken for a decompression bomb: general-purpose compressors
 * reach a thousandfold only on constant data.
 */
const MAX_EXPANSION = 1000;
/** Below this many values no file is a bomb. */
const HARMLESS_VALUES = 1_000_000;

/** What a file's footer tells. */
export interface ParquetFile {
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
  readonly groups: readonly RowGroup[];
  readonly root: SchemaTree;
  readonly compressors: Compressors;
}

/** Reads a footer, and checks its claims against the file's size. @throws {PgvtuneError} `dataset` */
export async function openParquet(path: string): Promise<ParquetFile> {
  const compressors = await loadCompressors();
  const file = await openInput(path);
  try {
    const slice = async (from: number, to = file.size): Promise<ArrayBuffer> => (await file.read(from, to)).buffer;
    const metadata = await parquetMetadataAsync({ byteLength: file.size, slice }, { geoparquet: false });
    const groups = metadata.row_groups;
    for (const group of groups) if (group.num_rows !== 0n) checkGroup(group, file);
    const rows = groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
    return { path, bytes: file.size, rows, groups, root: parquetSchema(metadata), compressors };
  } catch (error) {
    throw undecodable(path, {}, error);
  } finally {
    await file.close();
  }
}

/**
 * Node's own decompressors where it has them: they are bounded by the size that the page declares. The rest is loaded
 * late, with its WebAssembly.
 */
async function loadCompressors(): Promise<Compressors> {
  const { compressors, decompressLz4Raw, decompressZstd } = await import('hyparquet-compressors');
  return {
    SNAPPY: compressors.SNAPPY!,
    GZIP: (input, maxOutputLength) => gunzipSync(input, { maxOutputLength }),
    BROTLI: (input, maxOutputLength) => brotliDecompressSync(input, { maxOutputLength }),
    LZ4_RAW: decompressLz4Raw,
    ZSTD: (input, length) => decompressZstd(input, new Uint8Array(length)),
  };
}

function checkGroup(group: RowGroup, { path, size }: InputFile): void {
  for (const { meta_data: metadata } of group.columns) {
    if (metadata === undefined) throw fileError(path, {}, 'a column chunk without metadata, or in another file.');
    const { from, to } = chunkRange(metadata);
    const name = metadata.path_in_schema.join('.');
    if (!(from >= 0 && to >= from && to <= size)) {
      throw fileError(
        path,
        { byte: from },
        `column "${name}" claims the bytes up to ${formatCount(to)} of ${formatCount(size)}.`,
        {
          hint: 'The file is cut off or damaged: fetch it again.',
        },
      );
    }
    const values = Number(metadata.num_values);
    if (!(values >= 0 && values <= Math.max(HARMLESS_VALUES, size * MAX_EXPANSION))) {
      throw fileError(
        path,
        { byte: from },
        `column "${name}" claims ${formatCount(values)} values, and the file has ${formatCount(size)} bytes.`,
      );
    }
  }
}

/** What the rows of a column are read as: lists of real numbers, bytes as they are, or values as JSON has them. */
export type ColumnKind = 'vector' | 'bytes' | 'json';

/** Reads one row after another of a column, across the row groups. */
export async function* readColumn(parquet: ParquetFile, name: string, kind: ColumnKind): AsyncGenerator {
  const column = parquet.root.children.find(({ element }) => element.name === name)!;
  const file = await openInput(parquet.path);
  try {
    for (const group of parquet.groups) {
      // Some writers leave row groups without rows, and without pages.
      if (group.num_rows === 0n) continue;
      const leaves = leavesOf(parquet, file, group, name);
      let rows = 0;
      for await (const row of kind === 'vector' ? vectorRows(leaves[0]!) : columnRows(column, leaves, kind)) {
        if (++rows > group.num_rows) break;
        yield row;
      }
      if (BigInt(rows) !== group.num_rows) {
        throw fileError(
          parquet.path,
          {},
          `expected ${formatCount(Number(group.num_rows))} rows of "${name}" in a row group, got ${formatCount(rows)}${BigInt(rows) > group.num_rows ? ' or more' : ''}.`,
        );
      }
    }
  } catch (error) {
    throw undecodable(parquet.path, {}, error);
  } finally {
    await file.close();
  }
}

function leavesOf(parquet: ParquetFile, file: InputFile, group: RowGroup, name: string): Leaf[] {
  const chunks = group.columns.flatMap(({ meta_data: metadata }) =>
    metadata?.path_in_schema[0] === name ? [metadata] : [],
  );
  if (chunks.length === 0) throw fileError(parquet.path, {}, `a row group has no column "${name}".`);
  return chunks.map((metadata) => {
    const schemaPath = getTreePath(parquet.root, metadata.path_in_schema);
    return { schemaPath, pages: readPages(file, { metadata, schemaPath, compressors: parquet.compressors }) };
  });
}
