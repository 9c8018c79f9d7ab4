import { parentPort, workerData } from 'node:worker_threads';
import { openTicket, type Parameter } from '../../postgres/index.js';
import type { Clock } from '../clock.js';
import { waitAtBarrier } from './barrier.js';
import { type ClientHelp, type ClientOutcome, runClient } from './client.js';
import { describeFailure } from './failure.js';
import type { ThreadMessage, ThreadTask } from './threads.js';

/*
 * The thread of one client. It posts `ready` before it waits for the window to begin, and at the end what it saw or why
 * it could not go on.
 */

const { ticket, processes, ...task } = workerData as ThreadTask;

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have none
const post = (message: ThreadMessage): void => parentPort?.postMessage(message);

/** On the way into the thread a Buffer has become a plain array of bytes. */
const revive = (parameter: Parameter): Parameter =>
  parameter instanceof Uint8Array
    ? Buffer.from(parameter.buffer, parameter.byteOffset, parameter.byteLength)
    : parameter;

const begin = (): Promise<Clock> => {
  post({ kind: 'ready' });
  return waitAtBarrier(task.barrier);
};

async function run(): Promise<ClientOutcome> {
  const session = await openTicket(ticket);
  try {
    const parameters = task.parameters.map((values) => values.map(revive));
    const nullQuery = task.nullQuery && { ...task.nullQuery, values: task.nullQuery.values.map(revive) };
    const prepareBlocking: ClientHelp['prepareBlocking'] = (statement, lists) =>
      session.prepareBlocking(statement, lists);
    return await runClient(session, { ...task, parameters, nullQuery }, { processes, begin, prepareBlocking });
  } finally {
    await session.close();
  }
}

try {
  post({ kind: 'done', outcome: await run() });
} catch (error) {
  post({ kind: 'failed', failure: describeFailure(error) });
}
