import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PgvtuneError } from '../errors.js';

/** What --param is for. */
export const PARAM_ALONE = '--param gives values of the parameters of --sql.';

/** The text of the file that --sql names. @throws {PgvtuneError} `usage` */
export function readSqlFile(file: string, cwd: string): string {
  const path = resolve(cwd, file);
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new PgvtuneError('usage', `--sql: ${path} cannot be read.`, { hint: 'Name a file with one SELECT.', cause });
  }
}
