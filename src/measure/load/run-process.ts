import { fork } from 'node:child_process';
import { childEnvironment } from '../../child-environment.js';
import { PgvtuneError } from '../../errors.js';
import { DEFAULT_DEADLINE_MS } from '../../postgres/index.js';
import { formatMs } from '../../units.js';
import { workerEntry } from '../../worker-entry.js';
import type { ClientOutcome, Window } from './client.js';
import { type Failure, toError } from './failure.js';
import type { LoadJob } from './threads.js';

export type ProcessMessage =
  | { readonly kind: 'done'; readonly outcomes: readonly ClientOutcome[] }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Beside warm-up and window: to connect, to have the last query answered, to look at the plan, and to say goodbye. */
const MOST_BESIDE_MS = 4 * DEFAULT_DEADLINE_MS;

/**
 * Runs the clients of one window in a process of their own, which has ended when this returns or throws.
 *
 * @param signal aborted: the process is killed
 * @throws the first failure of a client; {@link PgvtuneError} `environment` when the process fails, `server` when a
 *   query did not end in time, `interrupted`
 */
export async function runLoadProcess(job: LoadJob, signal: AbortSignal): Promise<readonly ClientOutcome[]> {
  const child = fork(workerEntry(import.meta.url, 'load-process.js'), {
    execArgv: [],
    env: childEnvironment(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaints = '';
  child.stderr?.on('data', (text: Buffer) => (complaints += text.toString()));
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  try {
    const message = await new Promise<ProcessMessage>((resolve, reject) => {
      const fail = (how: string): void =>
        reject(new PgvtuneError('environment', `The process of the clients ${how}.\n${complaints}`.trimEnd()));
      child.once('message', (told) => resolve(told as ProcessMessage));
      child.once('error', (error) => fail(`failed: ${error.message}`));
      child.once('exit', (code, killed) => fail(`ended with ${killed ?? `exit code ${code}`}`));
      const waitMs = job.task.warmUpMs + lastStartMs(job.task.window) + MOST_BESIDE_MS;
      timer = setTimeout(() => reject(silent(job.ticket.label, waitMs)), waitMs);
      onAbort = () => reject(new PgvtuneError('interrupted', 'Interrupted while the server was under load.'));
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
      else child.send(job);
    });
    if (message.kind === 'failed') throw toError(message.failure);
    return message.outcomes;
  } finally {
    clearTimeout(timer);
    if (onAbort) signal.removeEventListener('abort', onAbort);
    child.kill('SIGKILL');
    await gone;
  }
}

const lastStartMs = (window: Window): number => (window.kind === 'closed' ? window.endMs : window.dropMs);

const silent = (server: string, ms: number): PgvtuneError =>
  new PgvtuneError(
    'server',
    `${server} did not answer its clients within ${formatMs(ms)}; their connections were cut.`,
    {
      hint: 'It may still be working on their queries: see pg_stat_activity.',
    },
  );
