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
  /** Absent: the files of such a server cannot be kept. */
  readonly keeping?: {
    /** Ends the server in good order. */
    readonly stopSignal: 'SIGINT';
    /** Run once the server has ended: writes all that is kept through to the disk. */
    readonly sync: Program;
  };
}

/** A later message: whether the files outlive the server. */
export interface Keep {
  readonly keep: boolean;
}

/** In a folder that was kept: its files are whole and on the disk. */
export const WHOLE = 'whole';

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
  /** Whether the folder is kept when the server ends, however this process does; at first it is not. */
  readonly keep: (keep: boolean) => void;
  /** Ends the server and removes the folder, unless it is kept. */
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
    keep: (keep) => void (supervisor.connected && supervisor.send({ keep } satisfies Keep)),
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
