import { type LoggedLoop, type LoggedStatement, type LogPlace, UNIT_KINDS, type UnitKind } from '../audit/index.js';
import type { Fingerprinted } from './fingerprints.js';
import { durations, routes } from './figures.js';
import type { RepeatedStatement, UnitOfWork } from './units-of-work.js';

/** Statements that are kept; what appears first when there are so many is only counted. */
const MOST_STATEMENTS = 20_000;
const MOST_SHOWN = 1000;

interface StatementCount {
  readonly statement: Fingerprinted;
  readonly first: LogPlace;
  readonly durations: ReturnType<typeof durations>;
  readonly routes: ReturnType<typeof routes>;
  calls: number;
}

interface LoopCount {
  readonly repeated: RepeatedStatement;
  readonly kinds: Map<UnitKind, number>;
  readonly after: Map<string, number>;
  readonly routes: ReturnType<typeof routes>;
  units: number;
  calls: number;
  mostCalls: number;
  totalMs: number | null;
}

/** Adds up executions and units of work by statement, in bounded memory. */
export function tally() {
  const statements = new Map<string, StatementCount>();
  const loops = new Map<string, LoopCount>();

  const shown = ({ statement, first, calls, ...counts }: StatementCount): LoggedStatement => ({
    ...statement,
    calls,
    duration: counts.durations.of(),
    routes: counts.routes.of(),
    first,
  });
  const known = (fingerprint: string): readonly StatementCount[] => {
    const found = statements.get(fingerprint);
    return found ? [found] : [];
  };
  return {
    execution(statement: Fingerprinted, durationMs: number | null, route: string | null, place: LogPlace): void {
      let count = statements.get(statement.fingerprint);
      if (!count) {
        if (statements.size >= MOST_STATEMENTS) return;
        count = { statement, first: place, durations: durations(), routes: routes(), calls: 0 };
        statements.set(statement.fingerprint, count);
      }
      count.calls++;
      count.routes.add(route);
      if (durationMs !== null) count.durations.add(durationMs);
    },
    unit({ kind, route, repeated }: UnitOfWork): void {
      for (const one of repeated) {
        const key = `${one.parameters} ${one.fingerprint}`;
        const count = loops.get(key) ?? newLoop(one);
        loops.set(key, count);
        add(count, one, kind, route);
      }
    },
    statements: (): readonly LoggedStatement[] =>
      [...statements.values()]
        .map(shown)
        .toSorted((a, b) => totalMs(b) - totalMs(a) || b.calls - a.calls)
        .slice(0, MOST_SHOWN),
    loops: (): readonly LoggedLoop[] =>
      [...loops.values()]
        .toSorted((a, b) => b.calls - a.calls)
        .flatMap(({ repeated, kinds, after, units, calls, mostCalls, ...count }) =>
          known(repeated.fingerprint).map((statement) => ({
            statement: shown(statement),
            parameters: repeated.parameters,
            unit: UNIT_KINDS.toSorted((a, b) => (kinds.get(b) ?? 0) - (kinds.get(a) ?? 0))[0]!,
            units,
            calls,
            mostCalls,
            totalMs: count.totalMs,
            routes: count.routes.of(),
            after: [...after]
              .toSorted(([, a], [, b]) => b - a)
              .flatMap(([fingerprint]) => known(fingerprint).map(shown)),
            first: repeated.first,
          })),
        ),
  };
}

const newLoop = (repeated: RepeatedStatement): LoopCount => ({
  repeated,
  kinds: new Map(),
  after: new Map(),
  routes: routes(),
  units: 0,
  calls: 0,
  mostCalls: 0,
  totalMs: null,
});

const MOST_AFTER = 20;

function add(
  count: LoopCount,
  { calls, totalMs: ms, after }: RepeatedStatement,
  kind: UnitKind,
  route: string | null,
): void {
  count.units++;
  count.calls += calls;
  count.mostCalls = Math.max(count.mostCalls, calls);
  if (ms !== null) count.totalMs = (count.totalMs ?? 0) + ms;
  count.kinds.set(kind, (count.kinds.get(kind) ?? 0) + 1);
  count.routes.add(route);
  for (const fingerprint of after) {
    if (count.after.has(fingerprint) || count.after.size < MOST_AFTER)
      count.after.set(fingerprint, (count.after.get(fingerprint) ?? 0) + 1);
  }
}

const totalMs = ({ duration }: LoggedStatement): number => duration?.totalMs ?? 0;
