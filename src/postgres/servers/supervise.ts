import { fork } from 'node:child_process';
import { PgvtuneError } from '../../errors.js';
import { childEnvironment } from '../../child-environment.js';
import { workerEntry } from '../../worker-entry.js';

/** Whom a program runs as; absent: as we do. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly user?: User | undefined;
}

/** What a supervisor does; travels as a message. */
export interface Plan {
  /** Working folder of the programs, and of their output in `server.log`. Removed at the end. */
  readonly folder: string;
  /** Run one after the other, each has to succeed; the last one is the server. */
  readonly programs: readonly Program[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Ends the server without delay. */
  readonly stopSignal: 'SIGQUIT' | 'SIGTERM';
}

/** How a program ended that should not have. */
export interface Ended {
  readonly program: string;
  readonly how: string;
  /** The last of its output. */
  readonly log: string;
}

export interface Supervised {
  /** Why the server is no more, if it ended by itself. */
  readonly ended: () => PgvtuneError | undefined;
  /** Ends the server and removes the folder. */
  readonly stop: () => Promise<void>;
}

/** Starts a supervisor with its plan: from now on the folder and the server end with this process, however it ends. */
export function supervise(plan: Plan): Supervised {
  let failure: PgvtuneError | undefined;
  let complaints = '';
  const supervisor = fork(workerEntry(import.meta.url, 'supervisor.js'), [plan.folder], {
    env: childEnvironment(),
    // A session of its own: Ctrl-C on the terminal is for the program, which then stops the server in good order.
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const gone = new Promise<void>((resolve) => {
    supervisor.on('exit', () => resolve());
    supervisor.on('error', () => resolve());
  });
  // Not as an argument: arguments can be read by everybody on the machine, and are limited in length.
  supervisor.send(plan, () => undefined);
  supervisor.stderr?.on('data', (text: Buffer) => (complaints += text.toString()));
  supervisor.on('message', (message) => (failure = endedError(message as Ended)));
  supervisor.on('error', (error) => (failure ??= endedError({ program: 'supervisor', how: error.message, log: '' })));
  supervisor.on('exit', (code, signal) => {
    failure ??= endedError({ program: 'supervisor', how: signal ?? `exit code ${code}`, log: complaints });
  });

  return {
    ended: () => failure,
    stop: async () => {
      if (supervisor.connected) supervisor.disconnect();
      await gone;
    },
  };
}

function endedError({ program, how, log }: Ended): PgvtuneError {
  const lines = log.trimEnd().split('\n').slice(-12).join('\n');
  return new PgvtuneError('environment', `${program} ended with ${how}.${lines === '' ? '' : `\n${lines}`}`, {
    hint: 'The last lines of its log are above. Free memory or disk space, or choose another server.',
  });
}
