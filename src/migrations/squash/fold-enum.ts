import type { Node } from 'libpg-query';
import type { Effect } from '../effects.js';

/** CREATE TYPE … AS ENUM and a change of its values. */
export function foldEnum(a: Effect, b: Effect, earlier: Node, later: Node): readonly Node[] | null {
  if (a.kind !== 'create-enum' || !('CreateEnumStmt' in earlier) || !('type' in b) || b.type !== a.type) return null;
  const values = (names: readonly string[]): readonly Node[] => [
    { CreateEnumStmt: { ...earlier.CreateEnumStmt, vals: names.map((sval) => ({ String: { sval } })) } },
  ];
  if (b.kind === 'add-enum-value' && 'AlterEnumStmt' in later) {
    if (a.values.includes(b.value)) return b.ifNotExists ? [earlier] : null;
    if (b.neighbour === null) return values([...a.values, b.value]);
    const at = a.values.indexOf(b.neighbour.value);
    return at < 0 ? null : values(a.values.toSpliced(b.neighbour.after ? at + 1 : at, 0, b.value));
  }
  if (b.kind === 'rename-enum-value') {
    if (!a.values.includes(b.value)) return null;
    return values(a.values.map((value) => (value === b.value ? b.to : value)));
  }
  return null;
}
