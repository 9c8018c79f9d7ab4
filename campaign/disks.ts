import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of a campaign that can be small disks of their own. */
export const DISKS = ['results', 'datasets', 'tmp', 'server'] as const;
export type DiskName = (typeof DISKS)[number];

/** A small disk that holds one folder. */
export interface Disk {
  /** Takes all the room that is left. */
  fill(): void;
  /** Gives it back. */
  free(): void;
  /** Removes what is on it. */
  empty(): void;
  /** Lets nobody write on it; only while no file of it is open for writing. */
  protect(): void;
  unprotect(): void;
}

/** More than a round writes; memory of the machine. */
const MEGABYTES = 400;
const PIECE = Buffer.alloc(2 ** 20);

/**
 * Puts each folder on a disk of its own. Only root may mount one.
 *
 * @throws where this process may not mount
 */
export function mountDisks(folder: string): { readonly disks: Readonly<Record<DiskName, Disk>>; unmount(): void } {
  const mounted: string[] = [];
  const mount = (name: DiskName): Disk => {
    const path = join(folder, name);
    mkdirSync(path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${MEGABYTES}m,mode=755`, 'pgvtune-campaign', path]);
    mounted.push(path);
    const ballast = join(path, '.ballast');
    const remount = (how: 'ro' | 'rw'): void => void execFileSync('mount', ['-o', `remount,${how}`, path]);
    return {
      fill: () => fillUp(ballast),
      free: () => rmSync(ballast, { force: true }),
      empty: () => readdirSync(path).forEach((entry) => rmSync(join(path, entry), { recursive: true })),
      protect: () => remount('ro'),
      unprotect: () => remount('rw'),
    };
  };
  const disks = { results: mount('results'), datasets: mount('datasets'), tmp: mount('tmp'), server: mount('server') };
  // Lazily: a process that is about to end may still have it open.
  return { disks, unmount: () => mounted.forEach((path) => execFileSync('umount', ['--lazy', path])) };
}

function fillUp(path: string): void {
  // A write that finds no room for all of it has taken what there was.
  for (const piece of [PIECE, PIECE.subarray(0, 4096)]) {
    try {
      for (;;) writeFileSync(path, piece, { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
