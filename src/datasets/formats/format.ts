import type { DatasetSource } from '../import/source.js';
import type { WriteFormat } from './export-table.js';
import type { RecordFile } from './records/record-file.js';

/** Which fields of a record mean what, where names and values do not tell; places within one as `data[0].embedding`. */
export interface FieldOptions {
  /** Field or column that holds the vector. */
  readonly vectorField?: string;
  /** Field or column that holds the text to search. */
  readonly textField?: string;
  /** Field or column that holds the id. */
  readonly idField?: string;
  /** Fields or columns to keep as attributes, also places within one (`metadata.tenant`); absent: all there are. */
  readonly attributes?: readonly string[];
  /** Of HDF5: the dataset that holds the vectors, that of the queries, and that of their neighbours. */
  readonly vectors?: string;
  readonly queryVectors?: string;
  readonly truth?: string;
}

/** One way to keep vectors in a file. */
export interface FileFormat {
  /** For people. */
  readonly name: string;
  /** Lower-case ends of the file's name, with their dots. */
  readonly extensions: readonly string[];
  /** Whether a folder with files of these names is one of this format; absent where it is a single file. */
  readonly isFolder?: (names: readonly string[]) => boolean;
  /** The files that make up the one at `path`, when that may be a folder. Default: itself. */
  readonly files?: (path: string) => Promise<readonly string[]>;
  /**
   * Looks at the head of the file, and reads no further than it must to know the dimensions.
   *
   * @throws {PgvtuneError} `dataset`, here or while reading, naming the file and the byte, line or row
   */
  readonly open: (path: string, options: FieldOptions) => Promise<DatasetSource>;
  /**
   * The same without vectors, which are in another file; absent where the format holds nothing else.
   *
   * @throws {PgvtuneError} `dataset`, as `open`
   */
  readonly openRecords?: (path: string, options: FieldOptions) => Promise<RecordFile>;
  /** Writes the base, and queries and neighbours into the same file or beside it; absent where it is only read. */
  readonly write?: WriteFormat;
}
