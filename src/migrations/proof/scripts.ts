import type { Effect } from '../effects.js';
import type { Operation, Place, Revision } from '../history.js';
import { replayHistory } from '../replay/replay.js';
import { schemaOf } from '../sql/names.js';
import { parseStatements } from '../sql/statements.js';
import type { SquashPlan } from '../squash/plan.js';
import type { Lack } from './lack.js';

/** Statements of one migration, ready to be run. */
export interface ScriptToRun {
  readonly revision: string;
  readonly statements: readonly StatementToRun[];
  /** Schemas that its statements use and that no statement creates. */
  readonly schemas: readonly string[];
  /** Some of its operations have no SQL: they do not run here. */
  readonly isPartial: boolean;
  /** The tool refuses an operation, so all of it fails. */
  readonly refusedAt: Place | null;
}

interface StatementToRun {
  readonly sql: string;
  readonly place: Place;
  readonly inTransaction: boolean;
  /** It runs under a condition that nobody knows here: its failure is none of the migration. */
  readonly mayFail: boolean;
  /** Something before it has no SQL and does not run here, so it may lack what it needs: its failure is reported. */
  readonly mayLack: boolean;
}

/** How a script went. */
export interface ScriptOutcome {
  readonly revision: string;
  readonly ms: number;
  readonly failure: StatementFailure | null;
  /** Statements that lacked what only something without SQL would have made. */
  readonly leftOut: readonly StatementFailure[];
  /** Some of its operations have no SQL, and did not run. */
  readonly isPartial: boolean;
}

export interface StatementFailure {
  readonly place: Place;
  readonly sqlstate: string | null;
  /** Null where the failure is of another kind. */
  readonly lacks: Lack | null;
}

/** SQL that somebody wants to have run before a history, statement by statement. */
export const scriptOfFile = (file: string, text: string): ScriptToRun => ({
  revision: file,
  schemas: [],
  isPartial: false,
  refusedAt: null,
  statements: parseStatements(text).map(({ sql, line }) => ({
    sql,
    place: { file, line },
    inTransaction: false,
    mayFail: false,
    mayLack: false,
  })),
});

/** The upgrades as they would run on an empty database, as far as they are SQL. */
export function upgradeScripts(order: readonly Revision[]): readonly ScriptToRun[] {
  const { skipped } = replayHistory(order);
  let mayLack = false;
  return withSchemas(
    order.map((revision) => {
      const operations = revision.up.operations.filter((operation) => !skipped.has(operation));
      const script = scriptFrom(revision.id, operations, mayLack);
      mayLack ||= operations.some(hasNoSql);
      return script;
    }),
    order,
  );
}

/** The downgrades, by revision, of those that have one. */
export function downgradeScripts(order: readonly Revision[]): ReadonlyMap<string, ScriptToRun> {
  // What is only code in one upgrade is missing for its downgrade and those of all that follow.
  const firstPartial = order.findIndex(({ up }) => up.operations.some(hasNoSql));
  return new Map(
    order.flatMap(({ id, down }, index) => {
      if (!down) return [];
      const script = scriptFrom(id, down.operations, firstPartial >= 0 && index >= firstPartial);
      const refused = down.operations.find(({ effects }) => effects.some(({ kind }) => kind === 'refused'));
      return [[id, { ...script, refusedAt: refused?.place ?? null }] as const];
    }),
  );
}

/** @param lacks something before these operations has not run */
function scriptFrom(revision: string, operations: readonly Operation[], lacks = false): ScriptToRun {
  const firstUnknown = operations.findIndex(hasNoSql);
  const statements = operations.flatMap((operation, index): StatementToRun[] => {
    const { sql, place, inTransaction, condition, effects } = operation;
    if (sql === null || hasNoSql(operation) || effects.some(isTransaction)) return [];
    return [
      {
        sql,
        place,
        inTransaction: inTransaction && !effects.some(isOutside),
        mayFail: condition !== null,
        mayLack: lacks || (firstUnknown >= 0 && index > firstUnknown),
      },
    ];
  });
  return { revision, schemas: [], statements, isPartial: firstUnknown >= 0, refusedAt: null };
}

/** It exists only as Python, or was not understood: it does not run here. */
const hasNoSql = ({ sql, problem, effects }: Operation): boolean =>
  (sql === null && !effects.some(isTransaction)) || problem !== null;

/** The scripts run in transactions of their own. */
const isTransaction = ({ kind }: Effect): boolean => kind === 'transaction';
const isOutside = (effect: Effect): boolean =>
  (effect.kind === 'create-index' && effect.concurrently) ||
  (effect.kind === 'drop-index' && effect.concurrently) ||
  (effect.kind === 'reindex' && effect.concurrently) ||
  (effect.kind === 'maintenance' && effect.what === 'vacuum');

/** What the plan leaves of the revisions that it squashes. */
export function squashedScripts({ groups }: SquashPlan, order: readonly Revision[]): readonly ScriptToRun[] {
  const upgrades = upgradeScripts(order);
  const lacking = new Set(
    upgrades.flatMap(({ statements }) =>
      statements.filter(({ mayLack }) => mayLack).map(({ place }) => placeKey(place)),
    ),
  );
  const scripts = groups.map(({ revisions, baseline }): ScriptToRun => {
    const revision = revisions.at(-1)!;
    if (baseline === null) return upgrades.find((script) => script.revision === revision)!;
    const statements = baseline.map(({ sql, origins }) => ({
      sql,
      place: origins[0]!,
      inTransaction: false,
      mayFail: false,
      mayLack: origins.some((origin) => lacking.has(placeKey(origin))),
    }));
    return { revision, statements, schemas: [], isPartial: false, refusedAt: null };
  });
  return withSchemas(scripts, order);
}

const placeKey = ({ file, line }: Place): string => `${file}:${line}`;

function withSchemas(scripts: readonly ScriptToRun[], order: readonly Revision[]): readonly ScriptToRun[] {
  const effects = order.flatMap(({ up }) => up.operations.flatMap((operation) => operation.effects));
  const created = new Set(
    effects.flatMap((effect) => (effect.kind === 'create-object' && effect.class === 'schema' ? [effect.name] : [])),
  );
  const used = new Set(
    effects.flatMap((effect) =>
      'table' in effect && typeof effect.table === 'string' ? (schemaOf(effect.table) ?? []) : [],
    ),
  );
  const schemas = [...used].filter((schema) => !created.has(schema));
  return scripts.map((script, index) => (index === 0 ? { ...script, schemas } : script));
}
