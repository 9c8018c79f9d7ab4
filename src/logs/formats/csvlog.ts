import { type LogEntry, type LogFormat, orNull, transactionOf } from './entry.js';
import type { logTimes } from './log-time.js';

/*
 * The columns of csvlog, as its manual has them (Error Reporting and Logging, Using CSV-Format Log Output): later versions only
 * add some at the end. What is quoted has its quotation marks doubled, and nothing else is escaped.
 */
const COLUMN = {
  time: 0,
  database: 2,
  session: 5,
  transaction: 9,
  severity: 11,
  message: 13,
  detail: 14,
  application: 22,
} as const;

/** Time, user, database, process, client, session: a statement that holds such a line by chance is not to be expected. */
const BEGIN =
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ [^,]*,(?:"(?:[^"]|"")*")?,(?:"(?:[^"]|"")*")?,\d*,(?:"[^"]*")?,[\da-f]+\.[\da-f]+,\d+,/;

export const csvlog = (times: ReturnType<typeof logTimes>): LogFormat => ({
  name: 'csvlog',
  begins: (line) => BEGIN.test(line),
  read(lines): LogEntry | null {
    const cells = cellsOf(lines);
    // The application has been there since version 9.0; without it the end is missing.
    if (cells === null || cells.length <= COLUMN.application) return null;
    return {
      atMs: times(cells[COLUMN.time]!),
      session: orNull(cells[COLUMN.session]),
      database: orNull(cells[COLUMN.database]),
      application: orNull(cells[COLUMN.application]),
      transaction: transactionOf(cells[COLUMN.transaction]),
      severity: cells[COLUMN.severity]!,
      message: cells[COLUMN.message]!,
      detail: cells[COLUMN.detail]!,
    };
  },
});

/** @returns null where a quotation mark is not closed */
function cellsOf(record: string): readonly string[] | null {
  const cells: string[] = [];
  for (let at = 0; ; at++) {
    if (record[at] === '"') {
      let end = at;
      do {
        end = record.indexOf('"', end + 1);
        if (end < 0) return null;
      } while (record[end + 1] === '"' && ++end);
      cells.push(record.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    } else {
      const end = record.indexOf(',', at);
      cells.push(record.slice(at, end < 0 ? undefined : end));
      at = end < 0 ? record.length : end;
    }
    if (at >= record.length) return cells;
    if (record[at] !== ',') return null;
  }
}
