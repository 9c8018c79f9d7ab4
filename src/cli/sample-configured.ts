import { resolve } from 'node:path';
import { type Config, forColumnType, type LiveTableConfig } from '../config/index.js';
import { type Dataset, importDataset, openSource, queriesBeside } from '../datasets/index.js';
import { openLiveTable } from '../live/index.js';
import type { Reporter } from '../progress.js';
import type { Io } from './io.js';
import { openLiveServer } from './open-live.js';

/** A sample of the table in use that a configuration names, as a dataset; the table is only read. */
export async function sampleConfigured(
  { server: choice, deadline, ...named }: LiveTableConfig,
  config: Config,
  { io, store, reporter }: { readonly io: Io; readonly store: string; readonly reporter: Reporter },
): Promise<Dataset> {
  const { queries: file, metric, seed } = config;
  const queries = file === undefined ? undefined : await openSource(resolve(io.cwd, file));
  try {
    const server = await openLiveServer(choice, 'sample', io, reporter);
    try {
      const source = await openLiveTable({
        ...named,
        session: await server.connect('sample'),
        server: server.label,
        rows: named.rows + (queries ? 0 : queriesBeside(named.rows)),
        metric,
        queries,
        seed,
        deadlineMs: deadline,
        reporter,
      });
      // Refuses a column that is not tuned for, before its rows are read.
      forColumnType(config, { source: source.provenance, metric: source.metric });
      return await importDataset(store, source, { seed, signal: io.signal });
    } finally {
      await server.stop();
    }
  } finally {
    queries?.close();
  }
}
