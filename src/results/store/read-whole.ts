import { readFileSync } from 'node:fs';
import { asSystemError } from '../../system-error.js';

/** @throws {PgvtuneError} `environment`, with the path, which Node names when it opens a file but not when it reads one */
export function readWhole(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw asSystemError(error, path);
  }
}
