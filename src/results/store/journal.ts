import { closeSync, existsSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { parseJson } from '../../checksummed-json.js';
import { PgvtuneError } from '../../errors.js';
import { asSystemError } from '../../system-error.js';
import { readWhole } from './read-whole.js';
import { appendDurably, syncFolder } from './durable-file.js';
import { type JournalRecord, recordSchema } from '../records/records.js';
import { withoutRefusedFigures } from './refused-figures.js';

/*
 * One line is {"crc":"89abcdef","record":{…}}; the checksum is of the record's own text.
 * A line counts once it is on the disk and ends in a newline: `append` returns after fdatasync.
 * Records that were measured together count together: each line but the last of them is {"crc":"89abcdef","more":true,…}.
 */

const PREFIX = /^\{"crc":"([0-9a-f]{8})",("more":true,)?"record":/;

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');

/** An append-only file of records. */
export interface Journal {
  /** Every record that is in the file, oldest first. */
  readonly records: readonly JournalRecord[];
  /**
   * Adds a record and returns it as it was kept: without figures that its schema refuses, see
   * {@link withoutRefusedFigures}. When it returns, the record survives a crash of this program and of the machine.
   *
   * @throws {PgvtuneError} `environment` when the disk is full or fails; the file is then as it was
   */
  append<R extends JournalRecord>(record: R): R;
  /** Adds records that belong together, as `append` does: after a crash all of them are there, or none. */
  appendTogether<R extends JournalRecord>(records: readonly R[]): readonly R[];
  close(): void;
}

/**
 * Opens a journal for appending, creates it when it is missing, and cuts off lines that a crash left unfinished.
 *
 * @throws {PgvtuneError} `dataset` when it is damaged, `environment` when it cannot be opened
 */
export function openJournal(path: string): Journal {
  try {
    return open(path);
  } catch (error) {
    throw asSystemError(error, path);
  }
}

function open(path: string): Journal {
  const isNew = !existsSync(path);
  const descriptor = openSync(path, 'a+');
  if (isNew) syncFolder(dirname(path));
  const { records, intactBytes } = parse(path, readFileSync(descriptor));
  ftruncateSync(descriptor, intactBytes);
  let length = intactBytes;
  function appendTogether<R extends JournalRecord>(added: readonly R[]): readonly R[] {
    const kept = added.map((record) => withoutRefusedFigures(record));
    const lines = kept.map((record, i) => {
      const text = JSON.stringify(record);
      return `{"crc":"${checksum(text)}",${i < kept.length - 1 ? '"more":true,' : ''}"record":${text}}\n`;
    });
    const bytes = Buffer.from(lines.join(''));
    appendDurably({ path, descriptor }, bytes, length);
    length += bytes.length;
    records.push(...kept);
    return kept;
  }
  return {
    records,
    append: (record) => appendTogether([record])[0]!,
    appendTogether,
    close: () => closeSync(descriptor),
  };
}

/** Reads a journal without touching it. @throws {PgvtuneError} `dataset` when a line is damaged, or unknown */
export function readJournal(path: string): readonly JournalRecord[] {
  return parse(path, readWhole(path)).records;
}

function parse(path: string, content: Buffer): { records: JournalRecord[]; intactBytes: number } {
  const records: JournalRecord[] = [];
  let together: JournalRecord[] = [];
  let intactBytes = 0;
  let start = 0;
  for (let line = 1; start < content.length; line++) {
    const end = content.indexOf(0x0a, start);
    // The newline is written last: a line without one is torn, and a line that has one was whole.
    if (end === -1) break;
    const intact = intactLine(content.toString('utf8', start, end));
    if (intact === null) {
      throw new PgvtuneError('dataset', `${path}, line ${line}: the record does not match its checksum.`, {
        hint: 'The file was damaged or edited. Restore it, or start a new run.',
      });
    }
    const record = recordSchema.safeParse(parseJson(intact.text, `${path}, line ${line}`));
    if (!record.success) {
      const { path: member, message } = record.error.issues[0]!;
      throw new PgvtuneError(
        'dataset',
        `${path}, line ${line}: the record is of another version of pgvtune (${member.join('.')}: ${message}).`,
        { hint: 'Read the run with the version that its manifest names, or start a new one.' },
      );
    }
    together.push(record.data);
    start = end + 1;
    if (intact.isFollowed) continue;
    records.push(...together);
    together = [];
    intactBytes = start;
  }
  return { records, intactBytes };
}

/** The record's text, and whether others of the same measurement follow; null when it is not what was written. */
function intactLine(line: string): { readonly text: string; readonly isFollowed: boolean } | null {
  const found = PREFIX.exec(line);
  if (!found) return null;
  const text = line.slice(found[0].length, -1);
  return found[1] === checksum(text) ? { text, isFollowed: found[2] !== undefined } : null;
}
