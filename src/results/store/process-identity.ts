import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';

/**
 * A process, so that no later one is taken for it: numbers of processes are given again. `startedTicks` and `boot` are
 * null where the system has no `/proc`.
 */
export const processIdentitySchema = z
  .strictObject({
    host: z.string(),
    pid: z.number().int(),
    /** Clock ticks from the start of the machine to that of the process: field 22 of `/proc/<pid>/stat`. */
    startedTicks: z.number().int().nullable(),
    /** Changes whenever the machine starts: `/proc/sys/kernel/random/boot_id`. */
    boot: z.string().nullable(),
  })
  .readonly();
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

export const thisProcess = (): ProcessIdentity => ({
  host: hostname(),
  pid: process.pid,
  startedTicks: startedTicksOf(process.pid),
  boot: readOrNull('/proc/sys/kernel/random/boot_id'),
});

/** Whether a process still runs; `unknown` for one of another machine or container. */
export function stateOf({ host, pid, startedTicks, boot }: ProcessIdentity): 'runs' | 'gone' | 'unknown' {
  const here = thisProcess();
  if (host !== here.host) return 'unknown';
  if (boot !== here.boot || !exists(pid)) return 'gone';
  const now = startedTicksOf(pid);
  return startedTicks === null || now === null || now === startedTicks ? 'runs' : 'gone';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function startedTicksOf(pid: number): number | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  // The second field is the name, in parentheses, and may hold spaces and parentheses.
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
