import type { LoggedStatement, LogPlace } from '../snapshot/log.js';
import type { Statement } from '../snapshot/statements.js';
import { text } from '../sql.js';

const LONGEST_NAME = 80;

/** How a finding names a statement: by its first characters and its id. */
export const statementName = ({ id, query }: Statement): string => nameOf(query, id);

/** The same of a statement in a log, which has no id there. */
export const loggedName = ({ fingerprint, query }: LoggedStatement): string => nameOf(query, fingerprint);

function nameOf(query: string, id: string): string {
  const flat = query.replaceAll(/\s+/g, ' ').trim();
  return `${flat.length > LONGEST_NAME ? `${flat.slice(0, LONGEST_NAME - 1)}…` : flat} (${id})`;
}

/** Shows the counters of statements. */
export const statementEvidence = (...ids: readonly string[]): string =>
  `SELECT * FROM pg_stat_statements WHERE queryid IN (${ids.map((id) => text(id)).join(', ')});`;

/** What findings of a statement have in common; there is no SQL that mends one. */
export const ofStatement = <Confidence extends 'high' | 'medium' | 'low'>(
  statement: Statement,
  confidence: Confidence,
) => ({
  object: statementName(statement),
  confidence,
  basis: 'statements' as const,
  evidence: statementEvidence(statement.id),
  remedy: null,
});

/** Where a log has the first of its figures. */
export const loggedEvidence = ({ file, line }: LogPlace): string => `-- ${text(file)}:${line}`;
