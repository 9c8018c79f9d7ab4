import type { DatasetSource } from '../import/source.js';
import { withNeighbours, withQueries } from './combine.js';
import { fileError } from './file-error.js';
import type { FieldOptions } from './format.js';
import { fileFormats, formatOf } from './registry.js';
import type { RecordFile } from './records/record-file.js';
import { withRecords } from './records/with-records.js';

/** Files that a dataset is put together from, besides that of the vectors. */
export interface SourceFileOptions extends FieldOptions {
  /** A file, of any format, whose rows are the queries: instead of the first one's own, if it has any. */
  readonly queriesFile?: string;
  /** A file, of any format, whose rows are the numbers of each query's nearest rows; verified before it is believed. */
  readonly neighboursFile?: string;
  /** A file of records, in the order of the vectors: their ids, texts and attributes. */
  readonly recordsFile?: string;
  /** The same for the queries. */
  readonly queryRecordsFile?: string;
}

/**
 * A file of vectors as a source; its format is told by its name.
 *
 * @throws {PgvtuneError} `dataset` when it is missing, of no known format, or not what its name says; the same for the
 *   files that are given besides
 */
export async function openSource(path: string, options: SourceFileOptions = {}): Promise<DatasetSource> {
  const { queriesFile, neighboursFile, recordsFile, queryRecordsFile, ...fields } = options;
  let source = await (await formatOf(path)).open(path, besideRecords(fields, recordsFile));
  const needQueries = (what: string, hint: string): void => {
    if (source.queries() === null) {
      throw fileError(path, {}, `there are no queries that the ${what} could belong to.`, { hint });
    }
  };
  try {
    if (queriesFile !== undefined) {
      const own = besideRecords(fields, queryRecordsFile);
      source = withQueries(source, await openQueries(queriesFile, path, source, own));
    }
    if (neighboursFile !== undefined) {
      needQueries(`neighbours in ${neighboursFile}`, 'Give the file of the query vectors.');
      source = withNeighbours(source, await (await formatOf(neighboursFile)).open(neighboursFile, {}), neighboursFile);
    }
    if (recordsFile !== undefined) source = withRecords(source, 'base', await openRecords(recordsFile, fields), path);
    if (queryRecordsFile === undefined) return source;
    needQueries(
      `records in ${queryRecordsFile}`,
      'Leave them out: queries are held out of the rows with their records. Or give the file of the query vectors.',
    );
    return withRecords(source, 'queries', await openRecords(queryRecordsFile, fields), queriesFile ?? path);
  } catch (error) {
    source.close();
    throw error;
  }
}

/** The named text and id are in the records, where there are some. */
const besideRecords = ({ vectorField, ...others }: FieldOptions, recordsFile: string | undefined): FieldOptions => ({
  ...(vectorField === undefined ? {} : { vectorField }),
  ...(recordsFile === undefined ? others : {}),
});

async function openQueries(
  path: string,
  basePath: string,
  base: DatasetSource,
  fields: FieldOptions,
): Promise<DatasetSource> {
  const queries = await (await formatOf(path)).open(path, fields);
  if (queries.dimensions === base.dimensions) return queries;
  queries.close();
  throw fileError(
    path,
    {},
    `expected queries of ${base.dimensions} dimensions as in ${basePath}, got ${queries.dimensions}.`,
  );
}

async function openRecords(path: string, fields: FieldOptions): Promise<RecordFile> {
  const format = await formatOf(path);
  if (format.openRecords !== undefined) return format.openRecords(path, fields);
  const known = fileFormats.filter(({ openRecords }) => openRecords).flatMap(({ extensions }) => extensions);
  throw fileError(path, {}, `expected records, and ${format.name} holds nothing but vectors.`, {
    hint: `Known are ${known.join(' ')}.`,
  });
}
