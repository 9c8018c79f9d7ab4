import { type ChildProcess, execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import type { Server } from '../src/postgres/index.js';

/** What happens to a run: to the program, or to the server that it works on. */
export interface Fault {
  readonly name: string;
  /** Exit codes that are right; null: killed. Whoever is done before the fault ends with 0 in any case. */
  readonly exits: readonly (number | null)[];
  /** Whether it needs a server that outlives the program. */
  readonly needsServer: boolean;
  act(target: Target): Promise<void>;
}

interface Target {
  readonly program: ChildProcess;
  /** Null where the program starts its own. */
  readonly server: Server | null;
  /** Resumes the run, which a process is at. */
  readonly again: () => Promise<unknown>;
}

const signal = (name: NodeJS.Signals, exits: Fault['exits']): Fault => ({
  name,
  exits,
  needsServer: false,
  act: async ({ program }) => void program.kill(name),
});

/** Runs a statement on a connection of the campaign's own. */
async function onServer(server: Server | null, sql: string): Promise<readonly { readonly pid?: number }[]> {
  if (!server) throw new Error('This fault needs a server.');
  const session = await server.connect('campaign');
  try {
    return await session.query(sql);
  } finally {
    await session.close();
  }
}

const BACKENDS = `FROM pg_stat_activity
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name LIKE 'pgvtune/%'
    AND application_name NOT LIKE '%/campaign'`;

function signalIfThere(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

const MOST_BYTES = 8192;
const FROZEN_MS = 5000;

export const FAULTS: readonly Fault[] = [
  signal('SIGKILL', [null]),
  signal('SIGINT', [130]),
  signal('SIGTERM', [130]),
  {
    // What it writes to from now on ends here, as on a disk that is full.
    name: 'full disk',
    exits: [4],
    needsServer: false,
    act: async ({ program }) =>
      void execFileSync('/usr/bin/prlimit', ['--pid', String(program.pid), `--fsize=${MOST_BYTES}:unlimited`]),
  },
  {
    // The one that came first goes on as if nothing were; the other has nothing to do, or is refused.
    name: 'two at once',
    exits: [0],
    needsServer: false,
    act: async ({ again }) => void (await again()),
  },
  {
    // Longer than a poll of the progress, shorter than the deadline of a statement.
    name: 'frozen connections',
    exits: [0],
    needsServer: true,
    async act({ server }) {
      const backends = (await onServer(server, `SELECT pid ${BACKENDS}`)).flatMap(({ pid }) => pid ?? []);
      for (const pid of backends) signalIfThere(pid, 'SIGSTOP');
      await setTimeout(FROZEN_MS);
      for (const pid of backends) signalIfThere(pid, 'SIGCONT');
    },
  },
  {
    name: 'cut connections',
    exits: [0, 4],
    needsServer: true,
    act: async ({ server }) => void (await onServer(server, `SELECT pg_terminate_backend(pid) ${BACKENDS}`)),
  },
  {
    name: 'cancelled statements',
    exits: [0, 4],
    needsServer: true,
    act: async ({ server }) => void (await onServer(server, `SELECT pg_cancel_backend(pid) ${BACKENDS}`)),
  },
  {
    // PostgreSQL's way to crash: one backend gone without a word takes all others with it.
    name: 'server crash',
    exits: [0, 4],
    needsServer: true,
    async act({ server }) {
      const [victim] = await onServer(server, `SELECT pid ${BACKENDS} LIMIT 1`);
      if (victim?.pid !== undefined) process.kill(victim.pid, 'SIGKILL');
    },
  },
];
