import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { PgvtuneError } from '../../errors.js';
import { type ProcessIdentity, processIdentitySchema, stateOf, thisProcess } from './process-identity.js';

/*
 * One process a run. The lock is a file `lock.<n>` that names its holder. It appears at once with its content (a hard
 * link), and no two processes can create the same. Whoever finds the lock of a process that is gone creates the one
 * with the next number, so that of several only one takes it over; nobody removes a lock before he has his own.
 */

const NAME = /^lock\.(\d+)$/;

interface Lock {
  readonly path: string;
  readonly number: number;
  /** null: not readable, as after a crash of the machine. */
  readonly holder: ProcessIdentity | null;
}

/** Runs that this process works on. */
const held = new Set<string>();

/**
 * Locks a run for this process.
 *
 * @returns what releases it
 * @throws {PgvtuneError} `usage` when another process works on the run
 */
export function lockRun(folder: string): () => void {
  const own = join(folder, `.lock-${randomUUID()}`);
  try {
    writeFileSync(own, `${JSON.stringify(thisProcess())}\n`, { flag: 'wx' });
    const path = acquire(folder, own);
    held.add(path);
    return () => {
      held.delete(path);
      rmSync(path, { force: true });
    };
  } finally {
    rmSync(own, { force: true });
  }
}

function acquire(folder: string, own: string): string {
  for (;;) {
    const before = locksOf(folder);
    refuseIfHeld(before);
    const path = join(folder, `lock.${1 + Math.max(0, ...before.map(({ number }) => number))}`);
    try {
      linkSync(own, path);
    } catch (error) {
      if (isThere(error)) continue;
      throw error;
    }
    const others = locksOf(folder).filter((lock) => lock.path !== path);
    try {
      // Somebody may have come, taken over and gone, and another begun to count anew, since we looked.
      refuseIfHeld(others);
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    }
    for (const stale of others) rmSync(stale.path, { force: true });
    return path;
  }
}

function refuseIfHeld(locks: readonly Lock[]): void {
  for (const { path, holder } of locks) {
    if (holder === null) continue;
    const state = stateOf(holder);
    const isForgotten = state === 'runs' && holder.pid === process.pid && !held.has(path);
    if (state === 'gone' || isForgotten) continue;
    const where = state === 'unknown' ? ` of ${holder.host}` : '';
    throw new PgvtuneError('usage', `Process ${holder.pid}${where} is working on this run (${path}).`, {
      hint:
        state === 'unknown'
          ? `Wait until it has finished; if it is gone, remove ${path}.`
          : 'Wait until it has finished.',
    });
  }
}

const locksOf = (folder: string): Lock[] =>
  readdirSync(folder).flatMap((name) => {
    const number = NAME.exec(name)?.[1];
    if (number === undefined) return [];
    const path = join(folder, name);
    return [{ path, number: Number(number), holder: holderOf(path) }];
  });

function holderOf(path: string): ProcessIdentity | null {
  try {
    return processIdentitySchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

const isThere = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EEXIST';
