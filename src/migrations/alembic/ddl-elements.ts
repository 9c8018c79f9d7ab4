import { pathOf, type Value } from '../python/values.js';
import { flag, lastName, quoted, sequenceName, stringOf } from './sql-text.js';

type Call = Extract<Value, { kind: 'call' }>;

/** SQL of `CreateSequence(Sequence('s'))` and its like; null for another call. @throws {NotStatic} */
export function ddlElementSql(call: Call): string | null {
  const [element] = call.args;
  if (!element) return null;
  const exists = (words: string): string => (flag(call.named.get(words)) ? EXISTS[words]! : '');
  switch (lastName(pathOf(call.callee))) {
    case 'CreateSequence':
      return `CREATE SEQUENCE ${exists('if_not_exists')}${sequenceName(element)}${sequenceOptions(element)}`;
    case 'DropSequence':
      return `DROP SEQUENCE ${exists('if_exists')}${sequenceName(element)}`;
    case 'CreateSchema':
      return `CREATE SCHEMA ${exists('if_not_exists')}${quoted(stringOf(element, 'CreateSchema'))}`;
    case 'DropSchema':
      return `DROP SCHEMA ${exists('if_exists')}${quoted(stringOf(element, 'DropSchema'))}${flag(call.named.get('cascade')) ? ' CASCADE' : ''}`;
    default:
      return null;
  }
}

const EXISTS: Readonly<Record<string, string>> = { if_not_exists: 'IF NOT EXISTS ', if_exists: 'IF EXISTS ' };

const SEQUENCE_OPTIONS: readonly (readonly [string, string])[] = [
  ['increment', 'INCREMENT BY'],
  ['start', 'START WITH'],
  ['minvalue', 'MINVALUE'],
  ['maxvalue', 'MAXVALUE'],
  ['cache', 'CACHE'],
];

function sequenceOptions(sequence: Value): string {
  const named = sequence.kind === 'call' ? sequence.named : new Map<string, Value>();
  return SEQUENCE_OPTIONS.map(([name, words]) => {
    const value = named.get(name);
    return value?.kind === 'constant' && typeof value.value === 'number' ? ` ${words} ${value.value}` : '';
  }).join('');
}
