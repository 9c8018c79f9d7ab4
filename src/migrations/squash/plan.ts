import type { Effect } from '../effects.js';
import type { Operation, Revision } from '../history.js';
import { replayHistory } from '../replay/replay.js';
import type { Schema } from '../replay/schema.js';
import { type Sight, sightOf } from '../sight.js';
import { grammar, writtenText } from '../../statements/index.js';
import { effectsOf } from '../sql/effects-of.js';
import { constantText } from '../sql/index-definition.js';
import { bareName, tableName } from '../sql/names.js';
import { parseOne } from '../sql/statements.js';
import { reduceToFixpoint } from './fixpoint.js';
import { splitStatement, type TakenNames } from './split.js';
import { type Step, stepOf } from './step.js';
import { takenAlong } from './taken-along.js';

/** Why an operation must stay where it is. */
export type BarrierReason =
  /** It writes rows; it stays in the baseline, as it is. */
  | 'rows'
  /** Code that may do anything; it stays in the baseline, as it is. */
  | 'code'
  /** A statement whose dependencies are not followed; it stays in the baseline, as it is. */
  | 'not-followed'
  /** A statement that cannot be written anew without loss: its revision stays a migration of its own. */
  | 'not-written'
  /** A table that lasts only as long as its transaction: its revision stays a migration of its own. */
  | 'transient'
  /** It is not understood, or exists only as Python: its revision stays a migration of its own. */
  | 'no-sql';

export interface Barrier {
  readonly at: Sight;
  readonly reason: BarrierReason;
  readonly sql: string | null;
}

/** Why an operation is left out of the baseline. */
export type OmissionReason =
  /** It changes rows of a table that has none when the history runs on an empty database. */
  | 'no-rows'
  /** A setting of the session, such as lock_timeout. */
  | 'setting'
  /** It does nothing on an empty database: its condition is not met, or what it creates exists. */
  | 'no-effect';

export interface Omission {
  readonly at: Sight;
  readonly reason: OmissionReason;
  readonly sql: string | null;
}

/** Statements of the baseline, with the places that they come from. */
export interface BaselineStatement {
  readonly sql: string;
  readonly origins: readonly Sight[];
}

/** Revisions that follow each other and become one; or a single one that stays. */
export interface SquashGroup {
  readonly revisions: readonly string[];
  /** Null for a revision that stays as it is. */
  readonly baseline: readonly BaselineStatement[] | null;
  /** Statements of its revisions before the squash. */
  readonly statementsBefore: number;
}

/** A revision that stays and has to follow another one than before. */
export interface ParentChange {
  readonly file: string;
  readonly member: 'down_revision' | 'depends_on';
  readonly to: readonly string[];
}

export interface SquashPlan {
  readonly groups: readonly SquashGroup[];
  readonly barriers: readonly Barrier[];
  readonly omissions: readonly Omission[];
  /** Newer revisions, which are not touched. */
  readonly kept: readonly string[];
  /** Files that baselines replace. */
  readonly replacedFiles: readonly string[];
  readonly parentChanges: readonly ParentChange[];
  readonly statementsBefore: number;
  readonly statementsAfter: number;
}

/**
 * Plans a squash.
 *
 * @param order all revisions, in the order in which they run
 * @param isSquashed the revisions that every deployed database has run
 */
export function planSquash(order: readonly Revision[], isSquashed: (revision: Revision) => boolean): SquashPlan {
  const collected = collect(order, isSquashed);
  const groups = groupsOf(collected.revisions);
  const baselineOf = baselinesOf(groups);
  return {
    groups,
    replacedFiles: order.filter(({ id }) => baselineOf.has(id)).map(({ file }) => file),
    parentChanges: parentChanges(order, groups, baselineOf),
    barriers: collected.barriers,
    omissions: collected.omissions,
    kept: order.filter((revision) => !isSquashed(revision)).map(({ id }) => id),
    statementsBefore: groups.reduce((sum, { statementsBefore }) => sum + statementsBefore, 0),
    statementsAfter: groups.reduce(
      (sum, { baseline, statementsBefore }) => sum + (baseline?.length ?? statementsBefore),
      0,
    ),
  };
}

/** The revision that carries on for each one that is replaced. */
const baselinesOf = (groups: readonly SquashGroup[]): ReadonlyMap<string, string> =>
  new Map(
    groups.flatMap(({ revisions, baseline }) =>
      baseline === null || revisions.length === 1 ? [] : revisions.map((id) => [id, revisions.at(-1)!] as const),
    ),
  );

/** What is squashed becomes one line of revisions; newer ones follow the baselines of what they followed. */
function parentChanges(
  order: readonly Revision[],
  groups: readonly SquashGroup[],
  baselineOf: ReadonlyMap<string, string>,
): readonly ParentChange[] {
  const before = new Map(
    groups.map(({ revisions }, index) => [revisions[0]!, groups[index - 1]?.revisions.at(-1)] as const),
  );
  return order
    .filter(({ id }) => !baselineOf.has(id))
    .flatMap(({ id, file, parents, dependsOn }) => {
      const moved = (ids: readonly string[]): readonly string[] => [
        ...new Set(ids.map((one) => baselineOf.get(one) ?? one)),
      ];
      const previous = before.get(id);
      const changes = [
        { member: 'down_revision', from: parents, to: previous === undefined ? moved(parents) : [previous] },
        { member: 'depends_on', from: dependsOn, to: moved(dependsOn) },
      ] as const;
      return changes.flatMap(({ member, from, to }) => (sameIds(from, to) ? [] : [{ file, member, to }]));
    });
}

const sameIds = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id));

interface CollectedRevision {
  readonly id: string;
  readonly steps: Step[];
  statements: number;
  /** It holds something that has no SQL. */
  stays: boolean;
}

interface Collected {
  readonly revisions: readonly CollectedRevision[];
  readonly barriers: readonly Barrier[];
  readonly omissions: readonly Omission[];
}

function collect(order: readonly Revision[], isSquashed: (revision: Revision) => boolean): Collected {
  const revisions = new Map<string, CollectedRevision>();
  for (const { id } of order.filter(isSquashed)) revisions.set(id, { id, steps: [], statements: 0, stays: false });
  const barriers: Barrier[] = [];
  const omissions: Omission[] = [];
  let codeRan = false;
  const replay = replayHistory(order, (operation, revision, schema) => {
    const own = revisions.get(revision.id);
    if (!own || !isSquashed(revision)) return;
    const at = sightOf(revision, operation);
    const { sql } = operation;
    own.statements++;
    const omitted = omissionOf(operation, schema, codeRan);
    if (omitted) {
      omissions.push({ at, reason: omitted, sql });
      return;
    }
    const reason = barrierOf(operation);
    if (reason !== null) barriers.push({ at, reason, sql });
    if (reason === 'code') codeRan = true;
    if (reason === 'transient') own.stays = true;
    if (reason === 'no-sql' || sql === null) {
      own.stays = true;
      codeRan = true;
      return;
    }
    const steps = stepsOf(sql, at, schema, reason !== null);
    if (steps === null) {
      barriers.push({ at, reason: 'not-written', sql });
      own.stays = true;
      return;
    }
    const isExtension = operation.effects.some(({ kind }) => kind === 'create-extension');
    if (reason === null && !isExtension && steps.some(({ touched }) => touched.all))
      barriers.push({ at, reason: 'not-followed', sql });
    own.steps.push(...steps);
  });
  for (const revision of order.filter(isSquashed)) {
    for (const operation of revision.up.operations) {
      if (replay.skipped.has(operation))
        omissions.push({ at: sightOf(revision, operation), reason: 'no-effect', sql: operation.sql });
    }
  }
  return { revisions: [...revisions.values()], barriers, omissions };
}

const SESSION: ReadonlySet<string> = new Set([
  'lock_timeout',
  'statement_timeout',
  'idle_in_transaction_session_timeout',
  'client_min_messages',
]);

function omissionOf({ effects, problem, sql }: Operation, schema: Schema, codeRan: boolean): OmissionReason | null {
  if (problem) return null;
  if (effects.length > 0 && effects.every((effect) => isSessionOnly(effect))) return 'setting';
  // A query: it changes nothing.
  if (effects.length === 0) return sql === null ? null : 'no-effect';
  return !codeRan && effects.every((effect) => changesNoRow(effect, schema)) ? 'no-rows' : null;
}

const isSessionOnly = (effect: Effect): boolean =>
  (effect.kind === 'setting' && SESSION.has(effect.name)) ||
  effect.kind === 'transaction' ||
  effect.kind === 'maintenance' ||
  effect.kind === 'reindex';

/** UPDATE and DELETE of tables that nothing has filled. */
function changesNoRow(effect: Effect, schema: Schema): boolean {
  if (effect.kind !== 'data' || (effect.verb !== 'update' && effect.verb !== 'delete' && effect.verb !== 'truncate'))
    return false;
  if (effect.table === null) return [...schema.tables.values()].every(({ hasRows }) => !hasRows);
  const table = schema.tables.get(effect.table);
  return table !== undefined && table.isOfHistory && !table.hasRows;
}

function barrierOf({ effects, problem, sql }: Operation): BarrierReason | null {
  if (problem || sql === null) return 'no-sql';
  if (lastsForTransaction(sql)) return 'transient';
  if (effects.some(({ kind }) => kind === 'data')) return 'rows';
  if (effects.some(({ kind }) => kind === 'code')) return 'code';
  return null;
}

/** CREATE TEMPORARY TABLE … ON COMMIT DROP, or DELETE ROWS. */
function lastsForTransaction(sql: string): boolean {
  if (!/\bon\s+commit\b/i.test(sql)) return false;
  const { node } = parseOne(sql);
  const onCommit =
    node && 'CreateStmt' in node
      ? node.CreateStmt.oncommit
      : node && 'CreateTableAsStmt' in node
        ? node.CreateTableAsStmt.into?.onCommit
        : undefined;
  return onCommit === 'ONCOMMIT_DROP' || onCommit === 'ONCOMMIT_DELETE_ROWS';
}

/** @returns null for a statement that has to be written anew and cannot be */
function stepsOf(sql: string, at: Sight, schema: Schema, isBarrier: boolean): readonly Step[] | null {
  const { node } = parseOne(sql);
  if (!node) throw new Error('A statement that is not understood is no step.');
  if (isBarrier) return [stepOf(node, [at], { sql })];
  const parts = splitStatement(node, takenNames(schema));
  if (parts.some((part) => part !== node) && writtenText(node) === null) return null;
  return parts.map((part) =>
    stepOf(part, [at], { sql: part === node ? sql : null, along: takenAlong(effectsOf(part) ?? [], schema) }),
  );
}

const takenNames = (schema: Schema): TakenNames => ({
  relations: () =>
    new Set(
      [...schema.tables.values()].flatMap(({ name, indexes, constraints }) => [
        bareName(name),
        ...[...indexes.keys()].map(bareName),
        ...[...constraints.values()]
          .filter(({ kind }) => kind !== 'check' && kind !== 'foreign-key')
          .map((constraint) => constraint.name),
      ]),
    ),
  constraintsOf: (table) => new Set(schema.tables.get(table)?.constraints.keys() ?? []),
});

/** Neighbours become one group; a revision that holds something without SQL stays by itself. */
function groupsOf(revisions: readonly CollectedRevision[]): readonly SquashGroup[] {
  const groups: SquashGroup[] = [];
  let open: CollectedRevision[] = [];
  const close = (): void => {
    if (open.length > 0) groups.push(squashed(open));
    open = [];
  };
  for (const revision of revisions) {
    if (!revision.stays) {
      open.push(revision);
      continue;
    }
    close();
    groups.push({ revisions: [revision.id], baseline: null, statementsBefore: revision.statements });
  }
  close();
  return groups;
}

function squashed(revisions: readonly CollectedRevision[]): SquashGroup {
  const steps = extensionsFirst(revisions.flatMap(({ steps: own }) => own));
  const reduced = reduceToFixpoint(steps);
  return {
    revisions: revisions.map(({ id }) => id),
    baseline: joinedTables(reduced).map(({ node, sql, origins }) => ({
      sql: sql ?? grammar().write(withoutEmptyList(node)),
      origins,
    })),
    statementsBefore: revisions.reduce((sum, { statements }) => sum + statements, 0),
  };
}

/** A partition whose own constraints came and went: the deparser would write an empty pair of parentheses. */
function withoutEmptyList(node: Step['node']): Step['node'] {
  if (!('CreateStmt' in node) || !node.CreateStmt.partbound || node.CreateStmt.tableElts?.length !== 0) return node;
  const { tableElts: _none, ...create } = node.CreateStmt;
  return { CreateStmt: create };
}

/** Neighbours that only add to one table become one ALTER TABLE. */
function joinedTables(steps: readonly Step[]): readonly Step[] {
  const joined: Step[] = [];
  for (const step of steps) {
    const previous = joined.at(-1);
    const [one, other] = [previous && additionsOf(previous), additionsOf(step)];
    if (previous && one && other && tableName(one.relation) === tableName(other.relation)) {
      const node = { AlterTableStmt: { ...one, cmds: [...(one.cmds ?? []), ...(other.cmds ?? [])] } };
      joined[joined.length - 1] = stepOf(node, [...new Set([...previous.origins, ...step.origins])]);
    } else joined.push(step);
  }
  return joined;
}

/** An ALTER TABLE that only adds columns and constraints; undefined for another statement. */
function additionsOf({ node }: Step) {
  if (!('AlterTableStmt' in node) || node.AlterTableStmt.objtype !== 'OBJECT_TABLE') return undefined;
  const { AlterTableStmt: statement } = node;
  const onlyAdds = (statement.cmds ?? []).every(
    (command) =>
      'AlterTableCmd' in command &&
      (command.AlterTableCmd.subtype === 'AT_AddColumn' || command.AlterTableCmd.subtype === 'AT_AddConstraint'),
  );
  return onlyAdds ? statement : undefined;
}

/**
 * Extensions come first, unless one is dropped on the way, or lies in a schema that is created here: nothing depends on
 * their absence.
 */
function extensionsFirst(steps: readonly Step[]): readonly Step[] {
  const isExtension = ({ effects }: Step): boolean => effects.length === 1 && effects[0]!.kind === 'create-extension';
  if (steps.some(({ effects }) => effects.some(({ kind }) => kind === 'drop-extension'))) return steps;
  const names = new Set<string>();
  const schemas = new Set(
    steps.flatMap(({ node }) => ('CreateSchemaStmt' in node ? (node.CreateSchemaStmt.schemaname ?? []) : [])),
  );
  const extensions = steps.filter((step) => {
    const [effect] = step.effects;
    if (
      !isExtension(step) ||
      schemas.has(schemaOfExtension(step)) ||
      effect?.kind !== 'create-extension' ||
      names.has(bareName(effect.name))
    )
      return false;
    names.add(bareName(effect.name));
    return true;
  });
  const first = new Set(extensions);
  const isRepeated = (step: Step): boolean => isExtension(step) && !schemas.has(schemaOfExtension(step));
  return [...extensions, ...steps.filter((step) => !first.has(step) && !isRepeated(step))];
}

/** CREATE EXTENSION … SCHEMA; empty where it names none. */
function schemaOfExtension({ node }: Step): string {
  const options = 'CreateExtensionStmt' in node ? (node.CreateExtensionStmt.options ?? []) : [];
  return (
    options.flatMap((option) =>
      'DefElem' in option && option.DefElem.defname === 'schema' ? constantText(option.DefElem.arg) : [],
    )[0] ?? ''
  );
}
