import { type ChildProcess, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { Disk, DiskName } from './disks.js';
import type { ExistingServer } from './existing-server.js';

/** What happens to a run: to the program, to the server that it works on, or to the machine. */
export interface Fault {
  readonly name: string;
  /** Exit codes that are right; null: killed. Whoever is done before the fault ends with 0 in any case. */
  readonly exits: readonly (number | null)[];
  /** What there has to be; absent: nothing. */
  readonly needs?: readonly Need[];
  /** Variables of the program's environment. */
  environment?(place: Place): Readonly<Record<string, string>>;
  /** Before the program starts; absent: nothing. */
  before?(place: Place): void;
  /** At its moment; absent: nothing. */
  act?(target: Target): Promise<void>;
  /** Once the program has ended, so that a run can be resumed; absent: nothing. */
  after?(place: Place): void;
}

/** A server that outlives the program, disks that can be filled, or a library that shifts a program's clock. */
export type Need = 'server' | 'disks' | 'faketime';

/** Where runs work. */
export interface Place {
  /** Null where the program starts its own. */
  readonly server: ExistingServer | null;
  /** Null where this process may not mount any. */
  readonly disks: Readonly<Record<DiskName, Disk>> | null;
  /** A file that says by how much a clock is wrong, for faketime. */
  readonly clock: string;
}

interface Target extends Place {
  readonly program: ChildProcess;
  /** Resumes the run, which a process is at. */
  readonly again: () => Promise<unknown>;
}

const signal = (name: NodeJS.Signals, exits: Fault['exits']): Fault => ({
  name,
  exits,
  act: async ({ program }) => void program.kill(name),
});

function serverOf({ server }: Place): ExistingServer {
  if (!server) throw new Error('This fault needs a server.');
  return server;
}

function diskOf({ disks }: Place, name: DiskName): Disk {
  if (!disks) throw new Error('This fault needs disks.');
  return disks[name];
}

const BACKENDS = `FROM pg_stat_activity
  WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name LIKE 'pgvtune/%'
    AND application_name NOT LIKE '%/campaign'`;

const backendsOf = (place: Place): Promise<readonly { readonly pid: number }[]> =>
  serverOf(place).query(`SELECT pid ${BACKENDS}`);

function signalIfThere(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

/** A dataset that is there already would not be written. */
function forget(place: Place, name: DiskName): void {
  if (name === 'datasets') diskOf(place, name).empty();
}

/** What is written while a disk is full is refused by its name; a run that needs nothing of it goes on. */
const fullDisk = (name: DiskName): Fault => ({
  name: `full disk of ${name}`,
  exits: [0, 4],
  needs: name === 'server' ? ['disks', 'server'] : ['disks'],
  before: (place) => forget(place, name),
  act: async (target) => diskOf(target, name).fill(),
  after(place) {
    diskOf(place, name).free();
    // PostgreSQL gives up where its log of changes finds no room.
    if (name === 'server') place.server?.revive();
  },
});

const readOnly = (name: DiskName): Fault => ({
  name: `read-only ${name}`,
  exits: [4],
  needs: ['disks'],
  before(place) {
    forget(place, name);
    diskOf(place, name).protect();
  },
  after: (place) => diskOf(place, name).unprotect(),
});

export const FAKETIME = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1';

/** The clock of the day jumps; what a run measures rests on another. */
const clockJump = (by: string): Fault => ({
  name: `clock ${by}`,
  exits: [0],
  needs: ['faketime'],
  environment: ({ clock }) => ({
    LD_PRELOAD: FAKETIME,
    FAKETIME_TIMESTAMP_FILE: clock,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }),
  before: ({ clock }) => writeFileSync(clock, '+0'),
  act: async ({ clock }) => writeFileSync(clock, by),
  after: ({ clock }) => writeFileSync(clock, '+0'),
});

const MOST_BYTES = 8192;
const FROZEN_MS = 5000;

export const FAULTS: readonly Fault[] = [
  signal('SIGKILL', [null]),
  signal('SIGINT', [130]),
  signal('SIGTERM', [130]),
  {
    // What it writes to from now on ends here, as on a disk that is full.
    name: 'file limit',
    exits: [4],
    act: async ({ program }) =>
      void execFileSync('/usr/bin/prlimit', ['--pid', String(program.pid), `--fsize=${MOST_BYTES}:unlimited`]),
  },
  {
    // The one that came first goes on as if nothing were; the other has nothing to do, or is refused.
    name: 'two at once',
    exits: [0],
    act: async ({ again }) => void (await again()),
  },
  {
    // Longer than a poll of the progress, shorter than the deadline of a statement.
    name: 'frozen connections',
    exits: [0],
    needs: ['server'],
    async act(target) {
      const backends = (await backendsOf(target)).map(({ pid }) => pid);
      for (const pid of backends) signalIfThere(pid, 'SIGSTOP');
      await setTimeout(FROZEN_MS);
      for (const pid of backends) signalIfThere(pid, 'SIGCONT');
    },
  },
  {
    name: 'cut connections',
    exits: [0, 4],
    needs: ['server'],
    act: async (target) => void (await serverOf(target).query(`SELECT pg_terminate_backend(pid) ${BACKENDS}`)),
  },
  {
    name: 'cancelled statements',
    exits: [0, 4],
    needs: ['server'],
    act: async (target) => void (await serverOf(target).query(`SELECT pg_cancel_backend(pid) ${BACKENDS}`)),
  },
  {
    // PostgreSQL's way to crash: one backend gone without a word takes all others with it.
    name: 'server crash',
    exits: [0, 4],
    needs: ['server'],
    async act(target) {
      const [victim] = await backendsOf(target);
      if (victim) signalIfThere(victim.pid, 'SIGKILL');
    },
  },
  {
    name: 'immediate restart',
    exits: [0, 4],
    needs: ['server'],
    act: async (target) => serverOf(target).restart(),
  },
  fullDisk('results'),
  fullDisk('datasets'),
  fullDisk('tmp'),
  fullDisk('server'),
  readOnly('results'),
  readOnly('datasets'),
  readOnly('tmp'),
  clockJump('-1d'),
  clockJump('+1d'),
];
