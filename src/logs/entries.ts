import type { LogPlace } from '../audit/index.js';
import type { LogEntry, LogFormat } from './formats/entry.js';

/** An entry, and where it begins. */
export interface PlacedEntry extends LogEntry {
  readonly place: LogPlace;
}

/** Longer entries are left out, so that a torn one swallows little of what follows. */
const MAX_LINES = 100_000;
const MAX_CHARACTERS = 16 * 1024 * 1024;

/**
 * Puts lines together to entries.
 *
 * A line that begins an entry ends the one before, even where that lacks its end: a server that crashed leaves such entries, and so
 * does a file that is being written.
 */
export function entriesOf(file: string, format: LogFormat) {
  let begun: string[] = [];
  let beganAt = 0;
  let characters = 0;
  let line = 0;
  let torn = 0;

  const take = (): readonly PlacedEntry[] => {
    if (begun.length === 0) return [];
    const fits = begun.length <= MAX_LINES && characters <= MAX_CHARACTERS;
    const entry = fits ? format.read(begun.join('\n')) : null;
    begun = [];
    characters = 0;
    if (entry) return [{ ...entry, place: { file, line: beganAt } }];
    torn++;
    return [];
  };
  return {
    /** The entries that are complete after some more lines. */
    add(lines: readonly string[]): readonly PlacedEntry[] {
      const complete: PlacedEntry[] = [];
      for (const text of lines) {
        line++;
        if (format.begins(text)) {
          complete.push(...take());
          begun = [text];
          beganAt = line;
          characters = text.length;
        } else if (begun.length > 0 && characters <= MAX_CHARACTERS && begun.length <= MAX_LINES) {
          begun.push(text);
          characters += text.length + 1;
        }
      }
      return complete;
    },
    end: take,
    /** Entries that were cut off, or are none. */
    torn: (): number => torn,
  };
}
