import { type LogEntry, type LogFormat, orNull, transactionOf } from './entry.js';
import { linePattern } from './line-prefix.js';
import type { logTimes } from './log-time.js';

/** Plain text: a prefix, the severity and the message; further lines of it begin with a tab. */
export function stderr(prefix: string, times: ReturnType<typeof logTimes>): LogFormat {
  const pattern = linePattern(prefix);
  return {
    name: 'stderr',
    begins: (line) => line[0] !== '\t' && pattern.test(line),
    read(lines): LogEntry | null {
      const groups = pattern.exec(lines)?.groups;
      if (!groups) return null;
      const { time, milliseconds, epoch, pid, started, session } = groups;
      const written = milliseconds ?? time;
      return {
        atMs: epoch === undefined ? (written === undefined ? null : times(written)) : Number(epoch) * 1000,
        // A number of a process is used again by later ones.
        session: orNull(session) ?? orNull(pid && `${pid}/${started ?? ''}`),
        database: orNull(groups['database']),
        application: orNull(groups['application']),
        transaction: transactionOf(groups['transaction']),
        severity: groups['severity'] ?? '',
        message: (groups['message'] ?? '').replaceAll('\n\t', '\n'),
        detail: '',
      };
    },
  };
}
