import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { databaseChecks, DatabaseFinding, DatabaseSnapshot } from '../../src/audit/index.js';
import { readStatementLog } from '../../src/logs/index.js';
import { silentReporter } from '../../src/progress.js';
import { foundBy } from './database-checks.js';

/** One line of a log: a statement of one session, with how long it took. */
export interface Logged {
  readonly text: string;
  readonly session?: number;
  readonly ms?: number;
}

/** The same statement for each of so many numbers. */
export const each = (times: number, line: (number: number) => Logged): readonly Logged[] =>
  Array.from({ length: times }, (_, i) => line(i + 1));

/** Statements of one transaction. */
export const transaction = (...lines: readonly Logged[]): readonly Logged[] => [
  { text: 'BEGIN' },
  ...lines,
  { text: 'COMMIT' },
];

/**
 * What a check finds in a log whose lines follow one another by 20 ms.
 *
 * @param parts of the catalog, where the check needs them
 */
export async function foundInLog(
  check: (typeof databaseChecks)[number],
  lines: readonly Logged[],
  parts: Partial<DatabaseSnapshot> = {},
): Promise<readonly DatabaseFinding[]> {
  const start = Date.parse('2026-01-01T00:00:00Z');
  const log = lines
    .map(({ text, session = 1, ms = 1 }, i) => {
      const at = new Date(start + i * 20).toISOString().replace('T', ' ').replace('Z', ' UTC');
      return `${at} [${session}] LOG:  duration: ${ms.toFixed(3)} ms  statement: ${text}\n`;
    })
    .join('');
  return foundBy(check, { ...parts, ...(await readLog(log, 'shop')) } as DatabaseSnapshot);
}

/** The same snapshot with what a log of its database says, in any format. */
export const withLog = async (snapshot: DatabaseSnapshot, log: string): Promise<DatabaseSnapshot> => ({
  ...snapshot,
  ...(await readLog(log, snapshot.server.database)),
});

async function readLog(text: string, database: string) {
  const folder = mkdtempSync(join(tmpdir(), 'pgvtune-logged-'));
  const path = join(folder, 'postgresql.log');
  writeFileSync(path, text);
  try {
    return await readStatementLog({
      paths: [path],
      linePrefix: '%m [%p] ',
      timeZone: 'UTC',
      database,
      signal: new AbortController().signal,
      reporter: silentReporter,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
