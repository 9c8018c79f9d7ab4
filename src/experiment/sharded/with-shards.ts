import type { Config } from '../../config/index.js';
import type { Dataset } from '../../datasets/index.js';
import { PgvtuneError } from '../../errors.js';
import type { Clock } from '../../measure/index.js';
import {
  findExtension,
  openServer,
  openWorkspace,
  readServerFacts,
  type Server,
  type Session,
  type SessionTicket,
  type Workspace,
} from '../../postgres/index.js';
import type { Metric } from '../../vocabulary.js';
import type { ExperimentOptions } from '../options.js';
import { loadDataset } from '../table/load.js';
import { partOfDataset } from './part-of-dataset.js';

/** A server that holds a part of the rows, in a scratch schema of the run. */
export interface OpenShard {
  readonly server: Server;
  readonly workspace: Workspace;
  readonly session: Session;
  /** Where it is; the run's server never hears of the password. */
  readonly target: SessionTicket['target'];
  /** Version of the extension. */
  readonly pgvector: string;
  readonly rows: number;
}

interface Opening extends Pick<ExperimentOptions, 'run' | 'signal' | 'reporter'> {
  readonly config: Config;
  readonly dataset: Dataset;
  readonly metric: Metric;
  readonly clock: Clock;
}

/**
 * Loads the shards that a configuration names, works with them, and removes everything from them, however the work ends.
 *
 * @param main session on the run's own server, which is to reach them
 * @throws {PgvtuneError} `environment` where a server cannot be a shard, or cannot reach any
 */
export async function withShards<T>(
  main: { readonly server: Server; readonly session: Session },
  options: Opening,
  work: (shards: readonly OpenShard[]) => Promise<T>,
): Promise<T> {
  const { shards: choices = [] } = options.config;
  if (choices.length === 0) return work([]);
  await refuseWithoutForeignTables(main);
  const shards: OpenShard[] = [];
  let result: T;
  try {
    for (const [number, choice] of choices.entries()) {
      shards.push(await openShard(choice, { ...options, number, of: choices.length }));
    }
    result = await work(shards);
  } catch (error) {
    await Promise.allSettled(shards.map(close));
    throw error;
  }
  await Promise.all(shards.map(close));
  return result;
}

async function refuseWithoutForeignTables({
  server: { disposable, label },
  session,
}: Parameters<typeof withShards>[0]): Promise<void> {
  if ((await findExtension(session, 'postgres_fdw', { create: disposable })) !== null) return;
  throw new PgvtuneError('environment', `layout: sharded needs the extension postgres_fdw, which is not on ${label}.`, {
    hint: disposable ? 'Choose another server.' : 'Run CREATE EXTENSION postgres_fdw; as a role that may.',
  });
}

async function openShard(
  choice: string,
  { number, of, ...options }: Opening & { readonly number: number; readonly of: number },
): Promise<OpenShard> {
  const { run, signal, reporter, clock, metric } = options;
  const server = await openServer(choice, { run, signal, note: (note) => reporter.note(note) });
  let workspace: Workspace | undefined;
  try {
    if (server.capabilities.sessions === 1) {
      throw new PgvtuneError(
        'environment',
        `A server "${server.label}" takes a single session, and cannot be a shard.`,
        {
          hint: 'Choose local, container or a URL.',
        },
      );
    }
    workspace = await openWorkspace(server, `${run.replaceAll('-', '_')}_s${number}`);
    const session = await workspace.connect('measure');
    const { pgvector } = await readServerFacts(session);
    await findExtension(session, 'pageinspect', { create: server.disposable });
    const dataset = partOfDataset(options.dataset, number, of);
    await loadDataset(server, session, workspace, dataset, { clock, reporter, metric });
    const { target } = server.ticket('shard');
    return { server, workspace, session, target, pgvector, rows: dataset.manifest.rows };
  } catch (error) {
    await close({ server, workspace });
    throw error;
  }
}

/** The server ends, whatever becomes of its schema. */
async function close({
  server,
  workspace,
}: Pick<OpenShard, 'server'> & { readonly workspace?: Workspace | undefined }) {
  try {
    await workspace?.drop();
  } finally {
    await server.stop();
  }
}
