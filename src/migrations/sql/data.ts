import type { RangeVar, SelectStmt } from 'libpg-query';
import type { DataVerb, Effect } from '../effects.js';
import { constantText } from './index-definition.js';
import { strings, tableName } from './names.js';

export const dataEffects = (verb: DataVerb, relation: RangeVar | undefined): readonly Effect[] => [
  { kind: 'data', verb, table: relation ? tableName(relation) : null },
];

/** Functions that change a setting or nothing at all. */
const HARMLESS = new Set(['count', 'now', 'version', 'current_setting', 'exists']);

/**
 * A query changes nothing, unless a function in it does. `set_config` is a setting; of all others nobody knows here, so
 * a query that calls one is code.
 */
export function selectEffects(statement: SelectStmt): readonly Effect[] {
  const calls = callsIn(statement);
  const [only] = calls;
  if (calls.length === 1 && only?.name === 'set_config') {
    const [name, value] = only.args;
    return [{ kind: 'setting', name: name ?? '', value: value ?? null, local: false }];
  }
  if (statement.intoClause?.rel) {
    const table = tableName(statement.intoClause.rel);
    return [{ kind: 'create-table', table, columns: [], constraints: [], ifNotExists: false, from: [], filled: true }];
  }
  return calls.every(({ name }) => HARMLESS.has(name)) ? [] : [{ kind: 'code', what: 'select' }];
}

interface Call {
  readonly name: string;
  readonly args: readonly string[];
}

function callsIn(node: unknown): Call[] {
  if (Array.isArray(node)) return node.flatMap(callsIn);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key !== 'FuncCall') return callsIn(value);
    const { funcname, args } = value as { funcname?: never[]; args?: never[] };
    return [{ name: strings(funcname).at(-1) ?? '', args: (args ?? []).map(constantText) }, ...callsIn(args)];
  });
}
