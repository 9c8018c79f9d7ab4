import { Worker } from 'node:worker_threads';
import { PgvtuneError } from '../../errors.js';
import type { SessionTicket } from '../../postgres/index.js';
import { workerEntry } from '../../worker-entry.js';
import { createBarrier, openBarrier } from './barrier.js';
import type { ClientOutcome, ClientTask } from './client.js';
import { type Failure, toError } from './failure.js';

/** What all clients of one window have to do. */
export interface LoadJob {
  readonly task: Omit<ClientTask, 'firstQuery' | 'barrier'>;
  readonly ticket: SessionTicket;
  /** The backends are processes of this machine. */
  readonly processes: boolean;
  /** The query that each client begins with. */
  readonly firstQueries: readonly number[];
}

export interface ThreadTask extends ClientTask, Pick<LoadJob, 'ticket' | 'processes'> {}

export type ThreadMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly outcome: ClientOutcome }
  | { readonly kind: 'failed'; readonly failure: Failure };

/**
 * Runs the clients, each in a thread of its own; the window begins when all are ready. After a failure the threads are
 * left as they are: one that waits for a server that is silent cannot be ended but with its process.
 *
 * @throws the first failure of a client; {@link PgvtuneError} `environment` when a thread fails
 */
export async function runThreads({ task, firstQueries, ...rest }: LoadJob): Promise<readonly ClientOutcome[]> {
  const file = workerEntry(import.meta.url, 'client-worker.js');
  const barrier = createBarrier();
  const workers = firstQueries.map((firstQuery) => {
    const workerData: ThreadTask = { ...task, ...rest, firstQuery, barrier };
    return new Worker(file, { workerData });
  });
  await Promise.all(workers.map(nextMessage));
  const done = Promise.all(workers.map(nextMessage));
  openBarrier(barrier);
  return (await done).flatMap((message) => (message.kind === 'done' ? [message.outcome] : []));
}

/** The next thing that a thread says. @throws what it failed with */
async function nextMessage(worker: Worker): Promise<ThreadMessage> {
  const message = await new Promise<ThreadMessage>((resolve, reject) => {
    const fail = (how: string, cause?: unknown): void =>
      reject(new PgvtuneError('environment', `A client thread ${how}.`, { cause }));
    worker.once('message', resolve);
    worker.once('error', (error) => fail(`failed: ${error.message}`, error));
    worker.once('exit', (code) => fail(`exited (code ${code})`));
  });
  if (message.kind === 'failed') throw toError(message.failure);
  return message;
}
