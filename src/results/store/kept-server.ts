import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from './durable-file.js';

const FILE = 'kept-server.json';
const schema = z.object({ folder: z.string() });

/** Notes in a run's folder where the files of its server are kept; null: nowhere any longer. */
export function noteKeptServer(run: string, folder: string | null): void {
  const path = join(run, FILE);
  if (folder === null) rmSync(path, { force: true });
  else writeAtomically(path, `${JSON.stringify({ folder })}\n`);
}

/** Folder of the server that a run left; null when it left none. @param run its folder */
export function keptServerOf(run: string): string | null {
  const path = join(run, FILE);
  if (!existsSync(path)) return null;
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8'))).folder;
  } catch {
    return null;
  }
}
