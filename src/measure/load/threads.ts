import { Worker } from 'node:worker_threads';
import { type ErrorCode, PgvtuneError } from '../../errors.js';
import type { SessionTicket } from '../../postgres/index.js';
import { workerEntry } from '../../worker-entry.js';
import { VoidPoint } from '../arm.js';
import { openBarrier } from './barrier.js';
import type { ClientOutcome, ClientTask } from './client.js';

export interface ThreadTask extends ClientTask {
  readonly ticket: SessionTicket;
  /** The backends are processes of this machine. */
  readonly processes: boolean;
}

export type ThreadMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly outcome: ClientOutcome }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** An error as plain data: on the way out of a thread it would lose its class and everything beside its message. */
interface Failure {
  readonly message: string;
  /** `void`: the client cannot prove what it measured; `defect`: an error that is none of ours. */
  readonly code: ErrorCode | 'void' | 'defect';
  readonly hint: string | undefined;
  readonly sqlstate: string | undefined;
}

export function describeFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof PgvtuneError) return { message, code: error.code, hint: error.hint, sqlstate: error.sqlstate };
  return { message, code: error instanceof VoidPoint ? 'void' : 'defect', hint: undefined, sqlstate: undefined };
}

function toError({ message, code, hint, sqlstate }: Failure): Error {
  if (code === 'void') return new VoidPoint(message);
  if (code === 'defect') return new Error(message);
  return new PgvtuneError(code, message, { ...(hint ? { hint } : {}), ...(sqlstate ? { sqlstate } : {}) });
}

/**
 * Runs one client for each task, in a thread of its own; the window begins when all are ready. Every thread has ended
 * when this returns or throws.
 *
 * @param signal aborted: the threads are ended where they are
 * @throws the first failure of a client; {@link PgvtuneError} `environment` when a thread fails, `interrupted`
 */
export async function runThreads(tasks: readonly ThreadTask[], signal: AbortSignal): Promise<readonly ClientOutcome[]> {
  const file = workerEntry(import.meta.url, 'client-worker.js');
  const interruption = rejectWhenAborted(signal);
  const workers = tasks.map((task) => new Worker(file, { workerData: task }));
  const all = (): Promise<readonly ThreadMessage[]> =>
    Promise.race([Promise.all(workers.map(nextMessage)), interruption.promise]);
  try {
    await all();
    const done = all();
    for (const { barrier } of tasks) openBarrier(barrier);
    return (await done).flatMap((message) => (message.kind === 'done' ? [message.outcome] : []));
  } finally {
    interruption.forget();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** The next thing that a thread says. @throws what it failed with */
async function nextMessage(worker: Worker): Promise<ThreadMessage> {
  const message = await new Promise<ThreadMessage>((resolve, reject) => {
    const fail = (how: string, cause?: unknown): void =>
      reject(new PgvtuneError('environment', `A client thread ${how}.`, { cause }));
    worker.once('message', resolve);
    worker.once('error', (error) => fail(`failed: ${error.message}`, error));
    worker.once('exit', (code) => fail(`ended with exit code ${code}`));
  });
  if (message.kind === 'failed') throw toError(message.failure);
  return message;
}

function rejectWhenAborted(signal: AbortSignal) {
  let onAbort = (): void => undefined;
  const promise = new Promise<never>((_, reject) => {
    onAbort = () => reject(new PgvtuneError('interrupted', 'Interrupted while the server was under load.'));
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
  // Nobody may be waiting when it comes.
  promise.catch(() => undefined);
  return { promise, forget: () => signal.removeEventListener('abort', onAbort) };
}
