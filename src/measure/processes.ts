import { readdirSync, readFileSync } from 'node:fs';

/* CPU time of processes, from Linux's /proc (proc(5)). */

/** Linux counts CPU time for user programs in hundredths of a second, on every architecture but old Alpha. */
const MS_PER_TICK = 10;

/** A process as `/proc/<pid>/stat` shows it. */
interface Process {
  readonly parent: number;
  /** CPU time in clock ticks, of its children that have ended and were waited for as well. */
  readonly ticks: number;
}

/**
 * The processes whose descendants do a measurement's own work: this one and, where the backend is a process of this machine,
 * the server that started it.
 *
 * @returns null where the server's processes cannot be seen, as in a container and on another machine
 */
export function ownProcesses(backendPid: number): readonly number[] | null {
  const server = isPostgres(backendPid) ? readProcess(backendPid)?.parent : undefined;
  return server === undefined ? null : [process.pid, server];
}

/** CPU time of these processes and their descendants, of those that ended as well, in clock ticks; null without /proc. */
export function cpuTicks(roots: readonly number[]): number | null {
  const processes = readProcesses();
  if (processes === null) return null;
  const isOf = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined; at = processes.get(at)?.parent) {
      if (roots.includes(at)) return true;
    }
    return false;
  };
  return [...processes].reduce((sum, [pid, { ticks }]) => (isOf(pid) ? sum + ticks : sum), 0);
}

/**
 * CPU time that a backend has used so far, milliseconds; null without /proc, and where the process of that number is no
 * PostgreSQL.
 */
export function readBackendCpu(pid: number): number | null {
  const seen = isPostgres(pid) ? readProcess(pid) : null;
  return seen && seen.ticks * MS_PER_TICK;
}

const isPostgres = (pid: number): boolean => read(`/proc/${pid}/cmdline`)?.startsWith('postgres') ?? false;

function readProcesses(): ReadonlyMap<number, Process> | null {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return null;
  }
  const processes = new Map<number, Process>();
  for (const name of names) {
    const pid = Number(name);
    const seen = Number.isInteger(pid) ? readProcess(pid) : null;
    if (seen) processes.set(pid, seen);
  }
  return processes.has(process.pid) ? processes : null;
}

function readProcess(pid: number): Process | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The second field, the program's name in parentheses, may hold anything; what follows it begins with the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [utime, stime, childrenUtime, childrenStime] = fields.slice(11, 15).map(Number);
  return { parent: Number(fields[1]), ticks: utime! + stime! + childrenUtime! + childrenStime! };
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
