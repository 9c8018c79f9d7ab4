import { PgvtuneError } from '../../errors.js';
import { csvlog } from './csvlog.js';
import type { LogFormat } from './entry.js';
import { jsonlog } from './jsonlog.js';
import { logTimes } from './log-time.js';
import { stderr } from './stderr.js';

export interface FormatOptions {
  /** Of plain text. */
  readonly linePrefix: string;
  /** `log_timezone`; null: unknown. */
  readonly timeZone: string | null;
}

/**
 * The format of a log by its first lines: one of them begins an entry.
 *
 * @throws {PgvtuneError} `usage` where none does in any format
 */
export function detectFormat(
  path: string,
  lines: readonly string[],
  { linePrefix, timeZone }: FormatOptions,
): LogFormat {
  const times = logTimes(timeZone);
  const found = [jsonlog(times), csvlog(times), stderr(linePrefix, times)].find((format) =>
    lines.some((line) => format.begins(line) && format.read(line) !== null),
  );
  if (found) return found;
  // An entry of csvlog may have many lines.
  if (lines.some((line) => csvlog(times).begins(line))) return csvlog(times);
  throw new PgvtuneError(
    'usage',
    `${path} is neither csvlog nor jsonlog, and none of its first lines begins with the log_line_prefix '${linePrefix}'.`,
    { hint: 'Give the prefix that the server had when it wrote the file: --log-line-prefix.' },
  );
}
