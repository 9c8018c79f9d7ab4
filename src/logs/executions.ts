import type { LogPlace } from '../audit/index.js';
import type { PlacedEntry } from './entries.js';
import { isDetail, preparedText, readMessage } from './messages.js';

/** One execution of a statement, as the log has it. */
export interface Execution {
  /** As it was sent, with its constants: never kept, and never shown. */
  readonly text: string;
  /** Its parameters as the log writes them: never kept, and never shown. */
  readonly parameters: string;
  /** Null where the log does not say how long it took. */
  readonly durationMs: number | null;
  /** Milliseconds since 1970. */
  readonly startMs: number | null;
  readonly endMs: number | null;
  readonly session: string | null;
  readonly transaction: string | null;
  readonly place: LogPlace;
}

/** Sessions that are kept in mind; of more, those that were silent for longest are given up. */
const MOST_SESSIONS = 10_000;
/** Of messages that belong to no session. */
const NO_SESSION = '';

type Begun = Omit<Execution, 'startMs' | 'endMs'> & {
  readonly atMs: number | null;
  /** The message came after the execution. */
  readonly isOver: boolean;
};

/**
 * Puts entries together to executions: the text, the parameters and the duration of one may be entries of their own, with those of other
 * sessions in between.
 */
export function executionsOf(onExecution: (execution: Execution) => void) {
  const sessions = new Map<string, Begun>();

  const complete = (key: string): void => {
    const begun = sessions.get(key);
    if (!begun) return;
    sessions.delete(key);
    const { atMs, isOver, ...execution } = begun;
    const lasted = execution.durationMs ?? 0;
    const startMs = atMs === null ? null : isOver ? atMs - lasted : atMs;
    onExecution({ ...execution, startMs, endMs: startMs === null ? null : startMs + lasted });
  };
  return {
    add(entry: PlacedEntry): void {
      const key = entry.session ?? NO_SESSION;
      const begun = sessions.get(key);
      if (isDetail(entry.severity)) {
        if (begun) sessions.set(key, withDetail(begun, entry.message));
        return;
      }
      const message = readMessage(entry.message);
      if (message?.kind === 'disconnection') complete(key);
      if (message?.kind === 'duration' && begun?.durationMs === null) {
        sessions.set(key, { ...begun, durationMs: message.durationMs });
        complete(key);
      }
      if (message?.kind !== 'statement') return;
      complete(key);
      const { session, transaction, atMs, place, detail } = entry;
      const { text, durationMs } = message;
      const isOver = durationMs !== null;
      sessions.set(
        key,
        withDetail({ text, parameters: '', durationMs, session, transaction, place, atMs, isOver }, detail),
      );
      if (sessions.size > MOST_SESSIONS) complete(sessions.keys().next().value!);
    },
    end(): void {
      for (const key of sessions.keys()) complete(key);
    },
  };
}

const withDetail = (begun: Begun, detail: string): Begun =>
  detail === '' ? begun : { ...begun, text: preparedText(begun.text, detail), parameters: detail };
