import { blocks, sharesOf, type StatementLog, type StatementStatistics, totalMs } from '../../audit/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../units.js';
import type { AuditFrame } from '../text/audit-frame.js';
import { code, escapeText, table } from '../text/markdown.js';

const MOST_STATEMENTS = 20;
const LONGEST_QUERY = 160;

/** The statements that took most time, with their share, and what one call does on average. */
export function statementTable({ statements }: StatementStatistics, { words }: AuditFrame): string {
  const share = sharesOf(statements);
  const top = statements.toSorted((a, b) => totalMs(b) - totalMs(a)).slice(0, MOST_STATEMENTS);
  const columns = words.statementColumns;
  return table(
    [
      `${columns.share}>`,
      `${columns.total}>`,
      `${columns.calls}>`,
      `${columns.mean}>`,
      `${columns.deviation}>`,
      `${columns.maximum}>`,
      `${columns.rows}>`,
      `${columns.pages}>`,
      `${columns.temporary}>`,
      `${columns.wal}>`,
      columns.statement,
    ],
    top.map((statement) => [
      formatPercent(share(statement)),
      formatMs(totalMs(statement)),
      formatCount(statement.calls),
      formatMs(statement.meanMs),
      formatMs(statement.deviationMs),
      formatMs(statement.maximumMs),
      (statement.rows / statement.calls).toFixed(1),
      formatCount(blocks(statement) / statement.calls),
      formatCount(statement.temporaryBlocksWritten / statement.calls),
      formatBytes(statement.walBytes / statement.calls),
      code(shortened(statement.query)),
    ]),
  );
}

/** The same of a log, with where the application sends them. */
export function loggedTable({ statements }: StatementLog, { words }: AuditFrame): string {
  const total = statements.reduce((sum, { duration }) => sum + (duration?.totalMs ?? 0), 0);
  const columns = words.loggedColumns;
  return table(
    [
      `${columns.share}>`,
      `${columns.total}>`,
      `${columns.calls}>`,
      `${columns.mean}>`,
      `${columns.median}>`,
      `${columns.p95}>`,
      `${columns.maximum}>`,
      columns.routes,
      columns.statement,
    ],
    statements
      .slice(0, MOST_STATEMENTS)
      .map(({ query, calls, duration, routes }) => [
        duration ? formatPercent(duration.totalMs / total) : '',
        duration ? formatMs(duration.totalMs) : '',
        formatCount(calls),
        duration ? formatMs(duration.totalMs / duration.calls) : '',
        duration ? formatMs(duration.medianMs) : '',
        duration ? formatMs(duration.p95Ms) : '',
        duration ? formatMs(duration.maximumMs) : '',
        escapeText(routes.map(({ route }) => route).join(', ')),
        code(shortened(query)),
      ]),
  );
}

const shortened = (query: string): string => {
  const flat = query.replaceAll(/\s+/g, ' ').trim();
  return flat.length > LONGEST_QUERY ? `${flat.slice(0, LONGEST_QUERY - 1)}…` : flat;
};
