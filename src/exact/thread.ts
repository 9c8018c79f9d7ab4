import { Worker } from 'node:worker_threads';
import { PgvtuneError } from '../errors.js';

/** A worker thread that answers messages one after the other, in order. */
export interface Thread {
  /** Resolves with the answer to this message. @throws {PgvtuneError} `environment` when the thread fails */
  ask(message: unknown): Promise<unknown>;
  /** Ends the thread; questions that are still open, and all later ones, fail with `reason`. */
  stop(reason: Error): Promise<void>;
}

/** @param file compiled module that posts one message for each that it receives */
export function startThread(file: string, workerData: unknown): Thread {
  const worker = new Worker(file, { workerData });
  const open: { readonly resolve: (answer: unknown) => void; readonly reject: (error: Error) => void }[] = [];
  let failure: Error | null = null;

  const fail = (error: Error): void => {
    failure ??= error;
    for (const { reject } of open.splice(0)) reject(failure);
  };
  worker.on('message', (answer) => open.shift()?.resolve(answer));
  worker.on('error', (cause) =>
    fail(new PgvtuneError('environment', `A worker thread of the exact search failed: ${String(cause)}.`, { cause })),
  );
  worker.on('exit', (code) =>
    fail(new PgvtuneError('environment', `A worker thread of the exact search ended with exit code ${code}.`)),
  );

  return {
    ask: (message) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        open.push({ resolve, reject });
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have none
        worker.postMessage(message);
      }),
    async stop(reason) {
      fail(reason);
      await worker.terminate();
    },
  };
}
