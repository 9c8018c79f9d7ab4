import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Linux can change the limits of a running process. */
export const hasPrlimit = (): boolean => existsSync('/usr/bin/prlimit');

/**
 * Lets no file of this process grow beyond `bytes` while `work` runs: a write that reaches the limit is cut short, and the
 * next one fails, as on a disk that is full.
 */
export function withFileLimit(bytes: number, work: () => void): void {
  const limit = (to: string): void => {
    execFileSync('/usr/bin/prlimit', ['--pid', String(process.pid), `--fsize=${to}:unlimited`]);
  };
  limit(String(bytes));
  try {
    work();
  } finally {
    limit('unlimited');
  }
}
