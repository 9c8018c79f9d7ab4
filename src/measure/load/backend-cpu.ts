import { readFileSync } from 'node:fs';

/** Linux counts CPU time for user programs in hundredths of a second, on every architecture but old Alpha. */
const MS_PER_TICK = 10;

/**
 * CPU time that a backend has used so far, milliseconds, from Linux's /proc (proc(5): utime + stime); null where there
 * is none, or the process of that number is no PostgreSQL.
 */
export function readBackendCpu(pid: number): number | null {
  try {
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('postgres')) return null;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the program's name in parentheses, may hold anything; what follows it begins with the third.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  } catch {
    return null;
  }
}
