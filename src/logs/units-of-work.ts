import type { LogPlace, UnitKind } from '../audit/index.js';
import type { Execution } from './executions.js';
import type { Tags } from './tags.js';

/** What is executed again and again in one unit of work. */
const LEAST_REPEATS = 5;
/** Of parameters: fewer may be a retry. */
const LEAST_DISTINCT = 3;
/** Statements outside of a transaction that follow one another faster belong together. */
const GAP_MS = 50;
/** A unit without a statement for so long is over, unless it is a transaction. */
const IDLE_MS = 10_000;
const MOST_UNITS = 10_000;
const MOST_STATEMENTS = 500;
const MOST_BEFORE = 3;

/** A statement that was repeated in one unit of work. */
export interface RepeatedStatement {
  readonly fingerprint: string;
  readonly parameters: 'varied' | 'same';
  readonly calls: number;
  readonly totalMs: number | null;
  /** Fingerprints of SELECTs before it, far rarer ones, the last first. */
  readonly after: readonly string[];
  readonly first: LogPlace;
}

export interface UnitOfWork {
  readonly kind: UnitKind;
  readonly route: string | null;
  readonly repeated: readonly RepeatedStatement[];
}

interface Seen {
  readonly isSelect: boolean;
  readonly first: LogPlace;
  calls: number;
  totalMs: number | null;
  readonly parameters: Set<number>;
}

interface Begun {
  kind: UnitKind;
  route: string | null;
  transaction: string | null;
  endMs: number | null;
  /** By fingerprint, in the order of their first execution. */
  readonly statements: Map<string, Seen>;
}

interface Step {
  /** Its text without tags, which differ from execution to execution. */
  readonly execution: Execution;
  readonly tags: Tags;
  readonly fingerprint: string;
  readonly isSelect: boolean;
}

/**
 * Puts executions together to units of work. One with a trace id belongs to its trace, whichever connections of a pool it takes; any
 * other to the transaction of its session, or else to what that session did right before.
 */
export function unitsOfWork(onUnit: (unit: UnitOfWork) => void) {
  /** By trace or session; the one that was silent for longest first. */
  const units = new Map<string, Begun>();
  /** Sessions in a transaction that a statement began. */
  const inTransaction = new Set<string>();

  const close = (key: string): void => {
    const begun = units.get(key);
    if (!begun) return;
    units.delete(key);
    const repeated = repeatedIn(begun);
    if (repeated.length > 0) onUnit({ kind: begun.kind, route: begun.route, repeated });
  };
  const closeIdle = (nowMs: number): void => {
    for (const [key, { kind, endMs }] of units) {
      if (endMs === null || endMs > nowMs - IDLE_MS) return;
      if (kind !== 'transaction') close(key);
    }
  };
  /** The unit that a statement of a session goes on with; undefined: it begins another. */
  const ongoing = (key: string, { execution: { transaction, startMs }, tags: { route } }: Step): Begun | undefined => {
    const begun = units.get(key);
    if (!begun) return undefined;
    if (inTransaction.has(key)) {
      const isSame = transaction === null || begun.transaction === null || transaction === begun.transaction;
      if (isSame) return begun;
      // Its end was not logged.
      inTransaction.delete(key);
    }
    if (transaction !== null && transaction === begun.transaction) {
      begun.kind = 'transaction';
      return begun;
    }
    const isOther = route !== null && begun.route !== null && route !== begun.route;
    const isNear = startMs !== null && begun.endMs !== null && startMs - begun.endMs <= GAP_MS;
    return begun.kind === 'gap' && isNear && !isOther ? begun : undefined;
  };
  return {
    add(step: Step): void {
      const { execution, tags } = step;
      const { session, endMs } = execution;
      if (tags.trace === null && session === null) return;
      const key = tags.trace === null ? `session ${session}` : `trace ${tags.trace}`;
      const going = tags.trace === null ? ongoing(key, step) : units.get(key);
      if (!going) close(key);
      const begun: Begun = going ?? {
        kind: tags.trace !== null ? 'trace' : inTransaction.has(key) ? 'transaction' : 'gap',
        route: tags.route,
        transaction: null,
        endMs: null,
        statements: new Map(),
      };
      begun.transaction = execution.transaction;
      begun.route ??= tags.route;
      begun.endMs = endMs;
      count(begun, step);
      units.delete(key);
      units.set(key, begun);
      if (endMs !== null) closeIdle(endMs);
      if (units.size > MOST_UNITS) close(units.keys().next().value!);
    },
    /** BEGIN, or the end of a transaction, whichever it was. */
    boundary(session: string, boundary: 'begin' | 'end'): void {
      const key = `session ${session}`;
      close(key);
      if (boundary === 'begin') inTransaction.add(key);
      else inTransaction.delete(key);
      if (inTransaction.size > MOST_UNITS) inTransaction.delete(inTransaction.keys().next().value!);
    },
    end(): void {
      for (const key of units.keys()) close(key);
    },
  };
}

function count({ statements }: Begun, { execution, fingerprint, isSelect }: Step): void {
  const { durationMs, place, parameters, text } = execution;
  const seen = statements.get(fingerprint) ?? {
    isSelect,
    first: place,
    calls: 0,
    totalMs: null,
    parameters: new Set(),
  };
  if (seen.calls === 0 && statements.size >= MOST_STATEMENTS) return;
  statements.set(fingerprint, seen);
  seen.calls++;
  if (durationMs !== null) seen.totalMs = (seen.totalMs ?? 0) + durationMs;
  if (seen.parameters.size < LEAST_DISTINCT) seen.parameters.add(hashOf(`${parameters}\0${text}`));
}

function repeatedIn({ kind, statements }: Begun): readonly RepeatedStatement[] {
  const inOrder = [...statements];
  return inOrder.flatMap(([fingerprint, { calls, totalMs, parameters, first }], at) => {
    if (calls < LEAST_REPEATS || (parameters.size > 1 && parameters.size < LEAST_DISTINCT)) return [];
    const after = inOrder
      .slice(0, at)
      .filter(([, before]) => before.isSelect && before.calls * LEAST_REPEATS <= calls)
      .map(([before]) => before)
      .toReversed()
      .slice(0, MOST_BEFORE);
    // Requests that share a connection of a pool repeat all of their statements alike.
    if (kind === 'gap' && after.length === 0) return [];
    return [{ fingerprint, parameters: parameters.size === 1 ? 'same' : 'varied', calls, totalMs, after, first }];
  });
}

/** FNV-1a, so that parameters can be told apart without being kept. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
