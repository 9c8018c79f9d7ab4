import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PgvtuneError } from '../../errors.js';
import { asSystemError } from '../../system-error.js';
import type { Dataset } from '../store/dataset.js';
import { exportTables, type ExportNeighbours } from './export-table.js';
import type { FileFormat } from './format.js';
import { vectorDbBench } from './folders/vectordbbench.js';
import { formatToWrite } from './registry.js';

export interface ExportOptions {
  /** Neighbours of all queries to write, instead of those that the dataset declares. */
  readonly neighbours?: ExportNeighbours;
  readonly signal?: AbortSignal;
  readonly onProgress?: (rowsDone: number, rowsTotal: number) => void;
}

/**
 * Writes a dataset to a file whose name tells the format; a name without an end is that of a new folder as VectorDBBench
 * keeps it. Formats that hold one matrix get more files beside it: `docs.queries.fbin`, and for neighbours
 * `docs.neighbours.ivecs`. JSON Lines, CSV and Parquet keep ids, text and attributes; the others only vectors.
 *
 * @returns the files that were written
 * @throws {PgvtuneError} `dataset` for data that the format cannot hold, `usage` for a place that is not there;
 *   `interrupted` after an abort: no file is left half-written
 */
export async function exportDataset(
  dataset: Dataset,
  path: string,
  options: ExportOptions = {},
): Promise<readonly string[]> {
  const format = await formatToWrite(path);
  const { write } = format;
  if (write === undefined) {
    throw new PgvtuneError('usage', `Files of the format ${format.name} are read, not written: ${path}.`, {
      hint: 'Write .jsonl, .csv or .parquet.',
    });
  }
  await checkPlace(path, format);
  const { rows } = dataset.manifest;
  const onBlock = (rowsDone: number): void => {
    if (options.signal?.aborted) throw new PgvtuneError('interrupted', `Writing ${path} was interrupted.`);
    options.onProgress?.(rowsDone, rows);
  };
  const neighbours = options.neighbours ?? (await dataset.declaredNeighbours());
  try {
    const written = await write(exportTables(dataset, neighbours, onBlock), path);
    options.onProgress?.(rows, rows);
    return written;
  } catch (error) {
    throw asSystemError(error, path);
  }
}

async function checkPlace(path: string, format: FileFormat): Promise<void> {
  const isFolder = (at: string): Promise<boolean> =>
    stat(at).then(
      (entry) => entry.isDirectory(),
      () => false,
    );
  const parent = dirname(path);
  if (!(await isFolder(parent))) {
    throw new PgvtuneError('usage', `There is no folder ${parent} to write to.`, { hint: 'Make it first.' });
  }
  if (format !== vectorDbBench && (await isFolder(path))) {
    throw new PgvtuneError('usage', `${path} is a folder.`, { hint: 'Name a file.' });
  }
}
