import { closeSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { PgvtuneError } from '../../errors.js';
import { type JournalRecord, recordSchema } from '../records/records.js';
import { withoutRefusedFigures } from './refused-figures.js';

/*
 * One line is {"crc":"89abcdef","record":{…}}; the checksum is of the record's own text.
 * A line counts once it is on the disk: `append` returns after fdatasync.
 */

const PREFIX = /^\{"crc":"([0-9a-f]{8})","record":/;
const PREFIX_LENGTH = '{"crc":"89abcdef","record":'.length;

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');

/** An append-only file of records. */
export interface Journal {
  /** Every record that is in the file, oldest first. */
  readonly records: readonly JournalRecord[];
  /**
   * Adds a record and returns it as it was kept: without figures that its schema refuses, see
   * {@link withoutRefusedFigures}. When it returns, the record survives a crash of this program and of the machine.
   */
  append<R extends JournalRecord>(record: R): R;
  close(): void;
}

/** Opens a journal for appending, creates it when it is missing, and cuts off a line that a crash left unfinished. */
export function openJournal(path: string): Journal {
  const file = openSync(path, 'a+');
  const { records, intactBytes } = parse(path, readFileSync(file));
  ftruncateSync(file, intactBytes);
  return {
    records,
    append(record) {
      const kept = withoutRefusedFigures(record);
      const text = JSON.stringify(kept);
      writeSync(file, `{"crc":"${checksum(text)}","record":${text}}\n`);
      fdatasyncSync(file);
      records.push(kept);
      return kept;
    },
    close: () => closeSync(file),
  };
}

/** Reads a journal without touching it. @throws {PgvtuneError} `dataset` when a line in the middle is damaged, or unknown */
export function readJournal(path: string): readonly JournalRecord[] {
  return parse(path, readFileSync(path)).records;
}

function parse(path: string, content: Buffer): { records: JournalRecord[]; intactBytes: number } {
  const records: JournalRecord[] = [];
  let start = 0;
  for (let line = 1; start < content.length; line++) {
    const end = content.indexOf(0x0a, start);
    const text = end === -1 ? null : intactText(content.toString('utf8', start, end));
    // Only the last line can be torn: every earlier one was followed by another append.
    if (text === null && (end === -1 || end === content.length - 1)) break;
    if (text === null) {
      throw new PgvtuneError('dataset', `${path}, line ${line}: the record does not match its checksum.`, {
        hint: 'The file was damaged or edited. Restore it, or start a new run.',
      });
    }
    const record = recordSchema.safeParse(JSON.parse(text));
    if (!record.success) {
      const { path: member, message } = record.error.issues[0]!;
      throw new PgvtuneError(
        'dataset',
        `${path}, line ${line}: the record is of another version of pgvtune (${member.join('.')}: ${message}).`,
        { hint: 'Read the run with the version that its manifest names, or start a new one.' },
      );
    }
    records.push(record.data);
    start = end + 1;
  }
  return { records, intactBytes: start };
}

/** The record's text; null when it is not what was written. */
function intactText(line: string): string | null {
  const sum = PREFIX.exec(line)?.[1];
  const text = line.slice(PREFIX_LENGTH, -1);
  return sum === undefined || sum !== checksum(text) ? null : text;
}
