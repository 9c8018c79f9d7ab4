import { blocks, sharesOf, type StatementLog, type StatementStatistics, totalMs } from '../../audit/index.js';
import type { AuditFrame } from '../text/audit-frame.js';
import { code, escapeText, table } from '../text/markdown.js';

const MOST_STATEMENTS = 20;
const LONGEST_QUERY = 160;

/** The statements that took most time, with their share, and what one call does on average. */
export function statementTable({ statements }: StatementStatistics, { words, figures }: AuditFrame): string {
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
      figures.percent(share(statement)),
      figures.ms(totalMs(statement)),
      figures.count(statement.calls),
      figures.ms(statement.meanMs),
      figures.ms(statement.deviationMs),
      figures.ms(statement.maximumMs),
      figures.decimal(statement.rows / statement.calls, 1),
      figures.count(blocks(statement) / statement.calls),
      figures.count(statement.temporaryBlocksWritten / statement.calls),
      figures.bytes(statement.walBytes / statement.calls),
      code(shortened(statement.query)),
    ]),
  );
}

/** The same of a log, with where the application sends them. */
export function loggedTable({ statements }: StatementLog, { words, figures }: AuditFrame): string {
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
        duration ? figures.percent(duration.totalMs / total) : '',
        duration ? figures.ms(duration.totalMs) : '',
        figures.count(calls),
        duration ? figures.ms(duration.totalMs / duration.calls) : '',
        duration ? figures.ms(duration.medianMs) : '',
        duration ? figures.ms(duration.p95Ms) : '',
        duration ? figures.ms(duration.maximumMs) : '',
        escapeText(routes.map(({ route }) => route).join(', ')),
        code(shortened(query)),
      ]),
  );
}

const shortened = (query: string): string => {
  const flat = query.replaceAll(/\s+/g, ' ').trim();
  return flat.length > LONGEST_QUERY ? `${flat.slice(0, LONGEST_QUERY - 1)}…` : flat;
};
