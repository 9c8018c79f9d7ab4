import { PgvtuneError, type ErrorDetails } from '../../errors.js';
import { formatCount } from '../../units.js';

/** Where in a file something is wrong. */
export interface Place {
  /** Offset from the start of the file, or of its text when it is compressed. */
  readonly byte?: number;
  /** Counting from 1. */
  readonly line?: number;
  /** Counting from 0. */
  readonly row?: number;
}

/** `docs.jsonl, line 3, byte 1,024` */
export function placeIn(path: string, { line, row, byte }: Place): string {
  const parts = [
    line === undefined ? [] : [`line ${formatCount(line)}`],
    row === undefined ? [] : [`row ${formatCount(row)}`],
    byte === undefined ? [] : [`byte ${formatCount(byte)}`],
  ];
  return [path, ...parts.flat()].join(', ');
}

/** A file that cannot be used, with the place: `docs.jsonl, line 3, byte 1,024: expected …`. */
export function fileError(path: string, place: Place, message: string, details: ErrorDetails = {}): PgvtuneError {
  return new PgvtuneError('dataset', `${placeIn(path, place)}: ${message}`, details);
}
