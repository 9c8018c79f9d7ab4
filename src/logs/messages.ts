/*
 * What a message says of a statement: exec_simple_query, exec_parse_message, exec_bind_message and exec_execute_message in
 * src/backend/tcop/postgres.c write them. `lc_messages` decides on their language.
 */

export type StatementMessage =
  /** Sent as it is, or executed after it was parsed; `durationMs` is null where the message comes before the execution. */
  | { readonly kind: 'statement'; readonly text: string; readonly durationMs: number | null }
  /** How long the last statement of the session took. */
  | { readonly kind: 'duration'; readonly durationMs: number }
  /** Parsing, binding, the next rows of a cursor, a plan: no statement of its own. */
  | { readonly kind: 'part' }
  | { readonly kind: 'disconnection' };

const DURATION = /^(?:duration: ([\d.]+) ms|продолжительность: ([\d.]+) мс)(?:,? +|$)/;
const STATEMENT = /^(?:statement|оператор): /;
const EXECUTION = /^(?:execute|выполнение) (?!fetch from )(?:(?!: ).)*: /;
const DISCONNECTION = /^(?:disconnection: session time|отключение: время сеанса)/;

/** @returns null for a message about something else */
export function readMessage(message: string): StatementMessage | null {
  const duration = DURATION.exec(message);
  const durationMs = duration ? Number(duration[1] ?? duration[2]) : null;
  const rest = duration ? message.slice(duration[0].length) : message;
  const before = STATEMENT.exec(rest) ?? EXECUTION.exec(rest);
  if (before) return { kind: 'statement', text: rest.slice(before[0].length), durationMs };
  if (durationMs !== null) return rest === '' ? { kind: 'duration', durationMs } : { kind: 'part' };
  return DISCONNECTION.test(message) ? { kind: 'disconnection' } : null;
}

const PREPARED = /^(?:prepare|подготовка): .*?\sAS\s+([^]*)$/i;

/** What `EXECUTE name` executes, where the detail says it. */
export const preparedText = (text: string, detail: string): string =>
  /^\s*EXECUTE\b/i.test(text) ? (PREPARED.exec(detail)?.[1] ?? text) : text;

/** A message of its own that belongs to the one before, in formats of plain text. */
export const isDetail = (severity: string): boolean => /^(?:DETAIL|ПОДРОБНОСТИ)$/.test(severity);
