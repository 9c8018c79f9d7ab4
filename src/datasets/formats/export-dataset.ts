import { PgvtuneError } from '../../errors.js';
import type { Dataset } from '../dataset.js';
import { diskError } from '../file-system.js';
import { exportTables } from './export-table.js';
import { fileFormats, formatOf } from './registry.js';

export interface ExportOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (rowsDone: number, rowsTotal: number) => void;
}

/**
 * Writes a dataset to a file whose name tells the format. Formats that hold one matrix get a second file beside it for
 * the queries: `docs.queries.fbin`. JSON Lines, CSV and Parquet keep ids, text and attributes; the others only vectors.
 *
 * @returns the files that were written
 * @throws {PgvtuneError} `dataset` for a format that cannot be written; `interrupted` after an abort: no file is left
 *   half-written
 */
export async function exportDataset(
  dataset: Dataset,
  path: string,
  options: ExportOptions = {},
): Promise<readonly string[]> {
  const format = await formatOf(path);
  if (format.write === undefined) {
    const writable = fileFormats.filter(({ write }) => write !== undefined).flatMap(({ extensions }) => extensions);
    throw new PgvtuneError('dataset', `${format.name} can only be read: ${path}.`, {
      hint: `Write one of ${writable.join(' ')}.`,
    });
  }
  const { rows } = dataset.manifest;
  const onBlock = (rowsDone: number): void => {
    if (options.signal?.aborted) throw new PgvtuneError('interrupted', `Writing ${path} was interrupted.`);
    options.onProgress?.(rowsDone, rows);
  };
  try {
    const written = await format.write(exportTables(dataset, onBlock), path);
    options.onProgress?.(rows, rows);
    return written;
  } catch (error) {
    throw diskError(error, path);
  }
}
