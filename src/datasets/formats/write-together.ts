import { rename, rm } from 'node:fs/promises';

/** A file or folder to be written. */
export interface NewFile {
  readonly path: string;
  /** Writes it under the name that it has until all of them are complete. */
  readonly write: (unfinished: string) => Promise<void>;
}

/** Writes files that belong together: older ones of their names stay until all are complete. Gives their paths. */
export async function writeTogether(files: readonly NewFile[]): Promise<readonly string[]> {
  const hidden = ({ path }: NewFile): string => `${path}.unfinished-${process.pid}`;
  try {
    for (const file of files) await file.write(hidden(file));
    for (const file of files) await rename(hidden(file), file.path);
    return files.map(({ path }) => path);
  } finally {
    for (const file of files) await rm(hidden(file), { recursive: true, force: true });
  }
}
