import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PgvtuneError } from '../../../errors.js';
import type { Scratch } from '../../../experiment/index.js';
import { scriptOfFile, type StatementFailure } from '../../../migrations/index.js';
import { printableLine } from '../../../printable.js';
import { lackText } from '../../../reports/index.js';
import type { DocumentLanguage } from '../../../languages.js';
import type { Io } from '../../io.js';

/** The scratch database that options ask for; the grammar of SQL is loaded. */
export function scratchOf({ scratch, prepare }: { scratch: string; prepare?: string }, io: Io): Scratch {
  if (prepare === undefined) return { choice: scratch, before: [] };
  try {
    const text = readFileSync(resolve(io.cwd, prepare), 'utf8');
    return { choice: scratch, before: [scriptOfFile(prepare, text)] };
  } catch (cause) {
    throw new PgvtuneError('usage', `--prepare: ${prepare} cannot be read.`, {
      hint: 'Give a file of SQL: what the application or its platform makes before the first migration.',
      cause,
    });
  }
}

/** Where a statement failed, what it lacks and what to give. */
export function failureText({ place, sqlstate, lacks }: StatementFailure, language: DocumentLanguage): string {
  const where = `${printableLine(place.file)}:${place.line} (SQLSTATE ${sqlstate ?? 'unknown'})`;
  return lacks === null ? `${where}.` : `${where}. ${printableLine(lackText(lacks, language))}`;
}
