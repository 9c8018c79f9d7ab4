import { PgvtuneError } from './errors.js';

/** What the operating system says no to, in the words of this program: what happened, and what to do. */
const KINDS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ...kinds(['ENOSPC', 'EDQUOT'], 'No space left', 'Free some space, or work in a folder on another disk.'),
  ...kinds(['EFBIG'], 'File larger than the limit', 'Raise the limit on the size of files: ulimit -f unlimited'),
  ...kinds(['EACCES', 'EPERM'], 'Permission denied', 'Use a folder that this account may read and write.'),
  ...kinds(['EROFS'], 'Read-only file system', 'Work in a folder that can be written to.'),
  ...kinds(['EIO'], 'The disk failed', 'Look into the log of the system: dmesg'),
  ...kinds(['EMFILE', 'ENFILE'], 'Too many open files', 'Raise the limit on open files: ulimit -n 4096'),
  ...kinds(['EAGAIN', 'ENOMEM'], 'Out of memory or processes', 'End other programs, or raise the limits: ulimit -a'),
  ...kinds(['E2BIG'], 'Arguments or environment too large', 'Start the program with a smaller environment.'),
  ...kinds(['ENOENT'], 'No such file or folder', 'Check the path, and whether another program removed it.'),
  ...kinds(['ENOTDIR'], 'A part of the path is not a folder', 'Check the path.'),
  ...kinds(['EEXIST'], 'There is something of this name', 'Move it away, or choose another name.'),
  ...kinds(['EISDIR'], 'A folder where a file is expected', 'Name a file.'),
  ...kinds(['ENAMETOOLONG'], 'Name too long', 'Choose a shorter name.'),
  ...kinds(['ELOOP'], 'Symbolic links in a circle', 'Check the path.'),
};

function kinds(codes: readonly string[], what: string, hint: string): Record<string, readonly [string, string]> {
  return Object.fromEntries(codes.map((code) => [code, [what, hint]]));
}

/**
 * A refusal of the operating system (disk full, no permission, too many files …) as an `environment` error; null for
 * every other error, those of the network included.
 *
 * @param path what was being worked on, where the error does not say it
 */
export function systemError(error: unknown, path?: string): PgvtuneError | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null;
  const kind = KINDS[String(error.code)];
  if (kind === undefined) return null;
  const [what, hint] = kind;
  const at = 'path' in error ? String(error.path) : path;
  return new PgvtuneError('environment', `${what}${at === undefined ? '' : `: ${at}`} (${String(error.code)}).`, {
    hint,
    cause: error,
  });
}

/** As {@link systemError}, but an error of another kind as it was. */
export const asSystemError = (error: unknown, path: string): unknown => systemError(error, path) ?? error;
