import { relative } from 'node:path';
import { printableLine } from '../printable.js';
import type { Io } from './io.js';

/** A file that a command wrote, from where it was started. */
export const printedPath = (path: string, { cwd }: Pick<Io, 'cwd'>): string => printableLine(relative(cwd, path));
