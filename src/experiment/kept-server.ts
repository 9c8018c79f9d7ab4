import { join } from 'node:path';
import type { Config } from '../config/index.js';
import { PgvtuneError } from '../errors.js';
import type { Server } from '../postgres/index.js';
import type { Reporter } from '../progress.js';
import { keptServerOf, noteKeptServer } from '../results/index.js';
import type { ExperimentOptions } from './options.js';

/** The cluster that an interrupted run left, to be opened again. */
export function keptCluster({ results, run, resume }: ExperimentOptions): { readonly kept?: string } {
  const kept = resume ? keptServerOf(join(results, run)) : null;
  return kept === null ? {} : { kept };
}

/** @throws {PgvtuneError} `usage` where a server is to be kept that cannot be */
export function checkKeeping({ keep_server }: Config, { keeping, disposable, label }: Server): void {
  if (!keep_server || keeping || !disposable) return;
  throw new PgvtuneError('usage', `A server "${label}" cannot be kept.`, {
    hint: 'keep_server works with a local server, of PostgreSQL and pgvector installed here. Choose "local", or leave it out.',
  });
}

/**
 * Keeps a private cluster from now on, however the program ends, until the run has its answer.
 *
 * @param folder of the run, where it is noted
 */
export function keepUntilAnswer(
  { keep_server }: Config,
  { keeping }: Server,
  { folder, reporter }: { readonly folder: string; readonly reporter: Reporter },
): { readonly answered: () => void; readonly failed: () => void } {
  if (!keep_server || !keeping) return { answered: () => undefined, failed: () => undefined };
  keeping.keep(true);
  noteKeptServer(folder, keeping.folder);
  return {
    answered() {
      keeping.keep(false);
      noteKeptServer(folder, null);
    },
    failed: () => reporter.note({ code: 'server-kept', data: { folder: keeping.folder } }),
  };
}
