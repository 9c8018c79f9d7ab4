import type { Effect } from '../effects.js';
import type { Operation, Revision } from '../history.js';
import { sightOf, type Sight } from '../sight.js';
import { applyEffect, type Misfit } from './apply.js';
import { type Life, Lives } from './lives.js';
import { Schema } from './schema.js';

/** What a history does to an empty database. */
export interface Replay {
  /** The schema in the end. */
  readonly schema: Schema;
  readonly lives: readonly Life[];
  /** Operations that do not fit the schema that they meet. */
  readonly misfits: readonly { readonly at: Sight; readonly misfit: Misfit; readonly effect: Effect }[];
  /** Operations that do nothing on an empty database: their condition is not met, or what they create exists. */
  readonly skipped: ReadonlySet<Operation>;
}

/** What is told of every operation as it is replayed, before it is applied. */
export type Watch = (operation: Operation, revision: Revision, schema: Schema) => void;

/**
 * Replays the upgrades of a history, in the order given.
 *
 * An operation under a condition is applied when all of it fits the schema that it meets, and left out otherwise: that is
 * what `if not exists` in whatever form comes to.
 */
export function replayHistory(revisions: readonly Revision[], watch: Watch = () => undefined): Replay {
  const schema = new Schema();
  const lives = new Lives();
  const misfits: { at: Sight; misfit: Misfit; effect: Effect }[] = [];
  const skipped = new Set<Operation>();
  /** Text of code that may have done anything. */
  let code = '';
  for (const revision of revisions) {
    for (const operation of revision.up.operations) {
      if (operation.condition !== null && !operation.effects.every((effect) => fits(schema, effect))) {
        skipped.add(operation);
        continue;
      }
      const { effects } = operation;
      if (
        effects.length > 0 &&
        effects.every((effect) => isNoOperation(schema, effect) && !isOfCode(schema, effect, code))
      ) {
        skipped.add(operation);
        continue;
      }
      watch(operation, revision, schema);
      const at = sightOf(revision, operation);
      for (const effect of operation.effects) {
        if (isNoOperation(schema, effect)) continue;
        lives.note(effect, at, schema);
        const misfit = applyEffect(schema, effect);
        const isExplained = misfit !== null && code.includes(lastNameOf(effect));
        if (misfit && !isExplained) misfits.push({ at, misfit, effect });
        if (effect.kind === 'code') code += operation.sql ?? '';
      }
    }
  }
  return { schema, lives: lives.all, misfits, skipped };
}

/** Whether code may have made what an effect is about: a table that this history only met, and that code mentions. */
function isOfCode(schema: Schema, effect: Effect, code: string): boolean {
  if (!('table' in effect) || typeof effect.table !== 'string' || schema.tables.get(effect.table)?.isOfHistory)
    return false;
  return code.includes(effect.table);
}

/** The name that code would have to mention if it were the reason why an effect does not fit. */
function lastNameOf(effect: Effect): string {
  if (effect.kind === 'create-index') return effect.index.name;
  if (effect.kind === 'add-constraint') return effect.constraint.name;
  if (effect.kind === 'add-column') return effect.column.name;
  if ('column' in effect) return effect.column;
  if ('name' in effect) return effect.name;
  if ('type' in effect) return effect.type;
  return 'table' in effect ? (effect.table ?? '') : '';
}

/** Whether an effect does something to the schema that it was meant to do. */
function fits(schema: Schema, effect: Effect): boolean {
  // All others fit everywhere.
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check
  switch (effect.kind) {
    case 'create-table':
      return !schema.tables.has(effect.table);
    case 'drop-table':
    case 'rename-table':
      return schema.tables.has(effect.table);
    case 'add-column':
      return schema.tables.get(effect.table)?.columns.has(effect.column.name) === false;
    case 'drop-column':
    case 'rename-column':
    case 'set-type':
    case 'set-default':
    case 'set-not-null':
      return schema.tables.get(effect.table)?.columns.has(effect.column) === true;
    case 'add-constraint': {
      const table = schema.tables.get(effect.table);
      return table !== undefined && !table.constraints.has(effect.constraint.name);
    }
    case 'drop-constraint':
    case 'rename-constraint':
    case 'validate-constraint':
      return schema.tables.get(effect.table)?.constraints.has(effect.name) === true;
    case 'create-index':
      return schema.tables.has(effect.index.table) && !schema.findIndex(effect.index.name);
    case 'drop-index':
    case 'rename-index':
      return schema.findIndex(effect.name) !== undefined;
    case 'create-enum':
      return !schema.enums.has(effect.type);
    case 'add-enum-value':
      return schema.enums.get(effect.type)?.includes(effect.value) === false;
    case 'drop-type':
    case 'rename-type':
      return schema.enums.has(effect.type);
    case 'create-extension':
      return !schema.extensions.has(effect.name);
    default:
      return true;
  }
}

/** `IF NOT EXISTS` of what exists, `IF EXISTS` of what does not: nothing happens. */
function isNoOperation(schema: Schema, effect: Effect): boolean {
  const lenient =
    ('ifNotExists' in effect && effect.ifNotExists) ||
    ('ifExists' in effect && effect.ifExists && effect.kind !== 'drop-object');
  return lenient && !fits(schema, effect);
}
