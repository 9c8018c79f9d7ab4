import { type LogEntry, type LogFormat, orNull, transactionOf } from './entry.js';
import type { logTimes } from './log-time.js';

/** PostgreSQL 15 and later: one object a line. */
export const jsonlog = (times: ReturnType<typeof logTimes>): LogFormat => ({
  name: 'jsonlog',
  begins: (line) => line.startsWith('{'),
  read(line): LogEntry | null {
    let object: Readonly<Record<string, unknown>>;
    try {
      object = JSON.parse(line) as Readonly<Record<string, unknown>>;
    } catch {
      return null;
    }
    const text = (key: string): string => (typeof object[key] === 'string' ? object[key] : '');
    if (text('timestamp') === '') return null;
    return {
      atMs: times(text('timestamp')),
      session: orNull(text('session_id')),
      database: orNull(text('dbname')),
      application: orNull(text('application_name')),
      transaction: transactionOf(text('vxid')),
      severity: text('error_severity'),
      message: text('message'),
      detail: text('detail'),
    };
  },
});
