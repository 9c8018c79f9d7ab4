import { resolve } from 'node:path';
import { type Config, liveTableOf } from '../config/index.js';
import { type DatasetManifest, openSource } from '../datasets/index.js';
import { measureControl } from '../live/index.js';
import { monotonicClock } from '../measure/index.js';
import type { Reporter } from '../progress.js';
import type { ControlRecord } from '../results/index.js';
import type { Io } from './io.js';
import { openLiveServer } from './open-live.js';

/** What the table in use that a configuration samples gives today; null where there is none, or nobody wants to know. */
export async function controlOf(
  config: Config,
  { source }: Pick<DatasetManifest, 'source'>,
  { io, reporter }: { readonly io: Io; readonly reporter: Reporter },
): Promise<ControlRecord | null> {
  const live = liveTableOf(config);
  // A view has no index.
  const { kind, column } = source as { readonly kind?: string; readonly column?: string };
  if (!live || live.control === 0 || kind !== 'table' || column === undefined) return null;
  const log = config.queries === undefined ? undefined : await openSource(resolve(io.cwd, config.queries));
  try {
    const server = await openLiveServer(live.server, 'recall', io, reporter);
    try {
      return await measureControl(server.label, {
        session: await server.connect('recall'),
        table: live.table,
        column,
        where: live.where,
        k: config.k,
        queries: live.control,
        settings: {},
        log,
        deadlineMs: live.deadline,
        seed: config.seed,
        clock: monotonicClock,
        reporter,
      });
    } finally {
      await server.stop();
    }
  } finally {
    log?.close();
  }
}
