import { access, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type User, WHOLE } from './supervise.js';
import { unprivilegedUser } from './unprivileged-user.js';

/** Mode bits of whoever is not the owner. */
const OTHERS = 0o077;

/**
 * Whether a folder holds a private cluster that was kept, whole, and that nobody else can have put there: to start a cluster is to
 * run what its configuration says.
 */
async function isKept(folder: string, user: User | undefined): Promise<boolean> {
  if (!basename(folder).startsWith('pgvtune-')) return false;
  try {
    await Promise.all([access(join(folder, WHOLE)), access(join(folder, 'data', 'PG_VERSION'))]);
    const { uid, mode } = await stat(folder);
    return uid === (user?.uid ?? process.getuid?.()) && (mode & OTHERS) === 0;
  } catch {
    return false;
  }
}

/** Takes a kept cluster to start it again: from now on its files are no longer those on the disk. */
export async function takeKept(folder: string, user: User | undefined): Promise<boolean> {
  if (!(await isKept(folder, user))) return false;
  await rm(join(folder, WHOLE));
  return true;
}

/** Whether there is a cluster that was kept. */
export const findKept = async (folder: string): Promise<boolean> => isKept(folder, await unprivilegedUser());

/** Removes a cluster that was kept. */
export async function removeKept(folder: string): Promise<void> {
  if (await findKept(folder)) await rm(folder, { recursive: true, force: true });
}
