import { mkdir, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { PgvtuneError } from '../../../errors.js';
import type { DeclaredNeighbours } from '../../store/dataset.js';
import { filesIn } from '../../store/file-system.js';
import type { DatasetSource, SourceBatch } from '../../import/source.js';
import type { ExportDataset, ExportNeighbours } from '../export-table.js';
import { fileError } from '../file-error.js';
import type { FieldOptions, FileFormat } from '../format.js';
import { openParquetSource } from '../parquet/parquet.js';
import { openParquet, readColumn } from '../parquet/file.js';
import { writeIdLists, writeParquet } from '../parquet/write.js';
import { readId } from '../records/record-fields.js';
import { writeTogether } from '../write-together.js';

/**
 * A folder as VectorDBBench keeps it: `train.parquet` (or `train-00-of-10.parquet` …, or `shuffle_train…`), and if they
 * are there `test.parquet` and `neighbors.parquet`, which names rows by their ids.
 */
export const vectorDbBench: FileFormat = {
  name: 'VectorDBBench folder',
  extensions: [],
  isFolder: (names) => names.some((name) => /^(?:shuffle_)?train(?:-.*)?\.parquet$/.test(name)),
  files: async (folder) => Object.values(await partsOf(folder)).flat(),
  open: openFolder,
  write: writeFolder,
};

const VECTOR_FIELD = 'emb';

/** Into a folder that is new or empty: files of other data beside these would be taken for a part of them. */
async function writeFolder({ base, queries, neighbours }: ExportDataset, folder: string): Promise<readonly string[]> {
  if ((await filesIn(folder)).length > 0) {
    throw fileError(folder, {}, 'expected a new or empty folder.', { hint: 'Name another one.' });
  }
  const names = ['train', 'test', ...(neighbours ? ['neighbors'] : [])].map((name) => `${name}.parquet`);
  const write = async (unfinished: string): Promise<void> => {
    await mkdir(unfinished);
    const [train, test, neighbors] = names.map((name) => join(unfinished, name)) as [string, string, string];
    await writeParquet(base, train, folder, VECTOR_FIELD);
    await writeParquet(queries, test, folder, VECTOR_FIELD);
    if (neighbours) await writeIdLists(await withIds({ base, queries }, neighbours), base, neighbors);
  };
  await writeTogether([{ path: folder, write }]);
  return names.map((name) => join(folder, name));
}

async function withIds({ base, queries }: Pick<ExportDataset, 'base' | 'queries'>, { k, rows }: ExportNeighbours) {
  const wanted = new Set(rows);
  const ids = new Map<number, string | number>();
  let row = 0;
  for await (const { id } of base.rowData()) {
    if (wanted.has(row)) ids.set(row, id);
    row++;
  }
  const lists: { readonly id: string | number; readonly ids: (string | number)[] }[] = [];
  for await (const { id } of queries.rowData()) {
    const own = rows.subarray(lists.length * k, (lists.length + 1) * k);
    lists.push({ id, ids: Array.from(own).flatMap((neighbour) => ids.get(neighbour) ?? []) });
  }
  return lists;
}

interface Parts {
  readonly train: readonly string[];
  readonly test: readonly string[];
  readonly neighbors: readonly string[];
  /** Labels by the ids of the rows. */
  readonly labels: readonly string[];
  /** Neighbours for filtered queries. */
  readonly filtered: readonly string[];
}

async function partsOf(folder: string): Promise<Parts> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.parquet')).sort();
  const starting = (prefix: string): string[] => {
    const parts = names.filter((name) => name === `${prefix}.parquet` || name.startsWith(`${prefix}-`));
    checkShards(folder, parts);
    return parts.map((name) => join(folder, name));
  };
  const train = starting('train');
  const parts = {
    train: train.length > 0 ? train : starting('shuffle_train'),
    test: starting('test'),
    neighbors: starting('neighbors'),
    labels: starting('scalar_labels'),
    filtered: names.filter((name) => name.startsWith('neighbors_')).map((name) => join(folder, name)),
  };
  if (parts.train.length > 0) return parts;
  throw fileError(folder, {}, `expected train.parquet in the folder, got ${names.join(', ') || 'no Parquet files'}.`, {
    hint: 'Give the path of the file itself, or of a folder laid out like those of VectorDBBench.',
  });
}

/** `train-02-of-10.parquet` says that there are ten. @throws {PgvtuneError} `dataset` naming those that are missing */
function checkShards(folder: string, names: readonly string[]): void {
  const shards = names.flatMap((name) => {
    const [, stem = '', part = '', of = ''] = /^(.*?-)(\d+)(?:-of-(\d+))?\.parquet$/.exec(name) ?? [];
    return stem === '' ? [] : [{ stem, part, of }];
  });
  const [first] = shards;
  if (first === undefined) return;
  const there = new Set(shards.map(({ part }) => Number(part)));
  const declared = Number(first.of);
  // Most count from 0; those that count from 1 end with the number of all.
  const start = there.has(0) || (declared > 0 && !there.has(declared)) ? 0 : 1;
  const count = Math.max(declared, ...Array.from(there, (part) => part - start + 1));
  const missing = Array.from({ length: Math.min(count, MAX_SHARDS) }, (_, i) => i + start).filter((i) => !there.has(i));
  if (missing.length === 0) return;
  const nameOf = (part: number): string =>
    `${first.stem}${String(part).padStart(first.part.length, '0')}${first.of === '' ? '' : `-of-${first.of}`}.parquet`;
  const named = missing.slice(0, 5).map(nameOf).join(', ') + (missing.length > 5 ? ', …' : '');
  throw fileError(folder, {}, `${missing.length} of ${count} parts are missing: ${named}.`, {
    hint: 'Fetch them: without them rows would be missing, and what the neighbours name.',
  });
}

const MAX_SHARDS = 100_000;

async function openFolder(folder: string, options: FieldOptions): Promise<DatasetSource> {
  const { train, test, neighbors, labels, filtered } = await partsOf(folder);
  const labelOf = labels.length > 0 ? await readLabels(labels) : null;
  const rows = await openParts(train, options);
  const { dimensions, textColumn } = rows.first;
  const queries = test.length > 0 ? await openParts(test, options) : null;
  if (queries !== null && queries.first.dimensions !== dimensions) {
    throw otherDimensions(test[0]!, queries.first.dimensions, { dimensions, in: train[0]! });
  }
  const rowIds: (string | number)[] = [];

  return {
    name: basename(resolve(folder)),
    dimensions,
    metric: null,
    synthetic: false,
    textColumn,
    provenance: {
      folder: basename(resolve(folder)),
      format: vectorDbBench.name,
      files: [...train, ...test, ...neighbors, ...labels].map((path) => basename(path)),
    },
    notes:
      filtered.length === 0 ? [] : [{ code: 'files-ignored', data: { files: filtered.map((path) => basename(path)) } }],
    expectedRows: rows.expectedRows,
    async *base(): AsyncGenerator<SourceBatch> {
      rowIds.length = 0;
      for await (const batch of rows.read()) {
        rowIds.push(...(batch.ids ?? Array.from({ length: batch.rows }, (_, i) => rowIds.length + i)));
        yield labelOf === null ? batch : withLabels(batch, labelOf);
      }
    },
    queries: () => queries?.read() ?? null,
    locate: (table, row) => (table === 'base' ? rows.locate(row) : (queries?.locate(row) ?? folder)),
    declaredNeighbours: async () => (neighbors.length > 0 ? readNeighbours(neighbors, rowIds) : null),
    close: () => {},
  };
}

/** One table in several files, in their order. */
interface TableInParts {
  readonly first: DatasetSource;
  readonly expectedRows: number;
  read(): AsyncGenerator<SourceBatch>;
  /** Of a row that was read. */
  locate(row: number): string;
}

async function openParts(paths: readonly string[], options: FieldOptions): Promise<TableInParts> {
  const parts: DatasetSource[] = [];
  for (const path of paths) parts.push(await openParquetSource(path, options));
  const [first] = parts as [DatasetSource];
  for (const [i, { dimensions }] of parts.entries()) {
    if (dimensions !== first.dimensions) {
      throw otherDimensions(paths[i]!, dimensions, { dimensions: first.dimensions, in: paths[0]! });
    }
  }
  let [current, start, seen] = [first, 0, 0];
  return {
    first,
    expectedRows: parts.reduce((sum, { expectedRows }) => sum + (expectedRows ?? 0), 0),
    async *read() {
      seen = 0;
      for (const part of parts) {
        current = part;
        start = seen;
        for await (const batch of part.base()) {
          seen += batch.rows;
          yield batch;
        }
      }
    },
    locate: (row) => current.locate!('base', row - start),
  };
}

const otherDimensions = (
  path: string,
  got: number,
  expected: { readonly dimensions: number; readonly in: string },
): PgvtuneError => fileError(path, {}, `expected ${expected.dimensions} dimensions as in ${expected.in}, got ${got}.`);

/** VectorDBBench calls them so, too. */
const LABEL = 'labels';

/** `scalar_labels.parquet` names the labels of rows by their ids. */
async function readLabels(paths: readonly string[]): Promise<ReadonlyMap<string | number, unknown>> {
  const labels = new Map<string | number, unknown>();
  for (const path of paths) await addLabels(path, labels);
  return labels;
}

async function addLabels(path: string, labels: Map<string | number, unknown>): Promise<void> {
  const file = await openParquet(path);
  const names = file.root.children.map(({ element }) => element.name);
  const label = names.find((name) => name !== 'id');
  if (!names.includes('id') || label === undefined) {
    throw fileError(path, {}, `expected columns "id" and "labels", got ${names.join(', ')}.`);
  }
  const values = readColumn(file, label, 'json');
  try {
    let row = 0;
    for await (const id of readColumn(file, 'id', 'json')) {
      labels.set(readId(id, path, { row }), (await values.next()).value);
      row++;
    }
  } finally {
    // This closes its file.
    await values.return(undefined);
  }
}

function withLabels(batch: SourceBatch, labelOf: ReadonlyMap<string | number, unknown>): SourceBatch {
  const attributes = Array.from({ length: batch.rows }, (_, i) => {
    const id = batch.ids?.[i];
    return { ...batch.attributes?.[i], [LABEL]: id === undefined ? null : (labelOf.get(id) ?? null) };
  });
  return { ...batch, attributes };
}

/** Stands for a neighbour whose row is not in the folder. */
const NO_ROW = 2 ** 31 - 1;

/** The lists of `neighbors_id`, in the order of the queries, as row numbers. */
async function readNeighbours(
  paths: readonly string[],
  rowIds: readonly (string | number)[],
): Promise<DeclaredNeighbours | null> {
  const rowOf = new Map(rowIds.map((id, row) => [id, row]));
  const lists: number[][] = [];
  for (const path of paths) {
    const file = await openParquet(path);
    const name = file.root.children.map(({ element }) => element.name).find((column) => column.startsWith('neighbors'));
    if (name === undefined) return null;
    let row = 0;
    for await (const list of readColumn(file, name, 'json')) {
      const ids = (Array.isArray(list) ? list : []).map((value) => readId(value, path, { row }));
      lists.push(ids.map((id) => rowOf.get(id) ?? NO_ROW));
      row++;
    }
  }
  const k = lists.reduce((longest, { length }) => Math.max(longest, length), 0);
  if (k === 0) return null;
  const rows = new Int32Array(lists.length * k).fill(-1);
  for (const [query, list] of lists.entries()) rows.set(list, query * k);
  return { k, rows };
}
