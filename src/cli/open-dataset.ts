import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config/index.js';
import {
  type Dataset,
  ensureDataset,
  generateSource,
  importDataset,
  openDataset,
  resolveName,
  type SourceFileOptions,
} from '../datasets/index.js';
import { PgvtuneError } from '../errors.js';
import { looksLikeServer } from '../postgres/index.js';
import type { ImportNote, Reporter } from '../progress.js';
import type { RunManifest } from '../results/index.js';
import type { Io } from './io.js';
import { sampleConfigured } from './sample-configured.js';

/** Folder of the store, under the working directory. */
export const datasetStore = (io: Io): string => resolve(io.cwd, 'datasets');

/**
 * The dataset that a configuration means: a file, imported unless that was done before; a name in the store; or the
 * generator's settings; or a sample of a table in use, drawn anew.
 */
export async function openConfiguredDataset(
  config: Config,
  { io, reporter }: { readonly io: Io; readonly reporter: Reporter },
): Promise<Dataset> {
  const { dataset, metric } = config;
  const store = datasetStore(io);
  if (typeof dataset === 'object' && 'table' in dataset) {
    return sampleConfigured(dataset, config, { io, store, reporter });
  }
  const importing = reporting(reporter, io);
  if (typeof dataset !== 'string') {
    const source = generateSource(dataset.generate);
    if ((await resolveName(store, source.name)) !== null) return openDataset(store, source.name);
    return importDataset(store, source, importing);
  }
  return ensureDataset(store, pathOrName(dataset, io), {
    ...filesBeside(config, io),
    ...(metric === undefined ? {} : { metric }),
    ...importing,
  });
}

/** What the file of the vectors is put together with. */
export function filesBeside(
  { queries, records, query_records: queryRecords }: Pick<Config, 'queries' | 'records' | 'query_records'>,
  io: Io,
): SourceFileOptions {
  return {
    ...(queries === undefined ? {} : { queriesFile: resolve(io.cwd, queries) }),
    ...(records === undefined ? {} : { recordsFile: resolve(io.cwd, records) }),
    ...(queryRecords === undefined ? {} : { queryRecordsFile: resolve(io.cwd, queryRecords) }),
  };
}

/** A dataset by its name in the store, or a file, imported unless that was done before. */
export const openNamedDataset = (
  name: string,
  { io, reporter }: { readonly io: Io; readonly reporter: Reporter },
): Promise<Dataset> => ensureDataset(datasetStore(io), pathOrName(name, io), reporting(reporter, io));

function pathOrName(text: string, io: Io): string {
  if (looksLikeServer(text)) {
    throw new PgvtuneError('usage', 'The dataset is the URL of a server.', {
      hint: 'Name the server with --server. To take vectors from a table: pgvtune dataset sample --help',
    });
  }
  const path = resolve(io.cwd, text);
  return existsSync(path) ? path : text;
}

/** The very data that a run was made with, by its hash. */
export const openDatasetOfRun = (manifest: RunManifest, io: Io): Promise<Dataset> =>
  openDataset(datasetStore(io), manifest.dataset.hash);

/** A progress bar for an import, if its source can tell how far it is. */
export function reporting(reporter: Reporter, io: Io) {
  let task: ReturnType<Reporter['start']> | undefined;
  let isRead = false;
  return {
    signal: io.signal,
    onNote: (note: ImportNote) => reporter.note(note),
    onProgress(_: number, share: number | null) {
      if (share === null || isRead) return;
      task ??= reporter.start({ code: 'read-dataset', data: {} }, 1, 'share');
      task.update(share);
      isRead = share >= 1;
      if (isRead) task.finish();
    },
  };
}
