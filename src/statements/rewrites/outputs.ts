import type { Node, SelectStmt } from 'libpg-query';
import { bareColumnOf, strings } from '../nodes.js';
import { columnIn, type Source } from './sources.js';

/** The columns that a SELECT returns of each of its tables; null where it returns anything else. */
export function outputsOf(
  { targetList = [] }: SelectStmt,
  sources: readonly Source[],
): ReadonlyMap<Source, ReadonlySet<string>> | null {
  const outputs = new Map<Source, Set<string>>();
  const add = (source: Source, name: string): void => {
    outputs.set(source, (outputs.get(source) ?? new Set()).add(name));
  };
  for (const target of targetList) {
    const val = 'ResTarget' in target ? target.ResTarget.val : undefined;
    const starred = val && starredBy(val, sources);
    const use = bareColumnOf(val);
    const found = use && columnIn(sources, use);
    if (starred) for (const source of starred) for (const { name } of source.table.columns) add(source, name);
    else if (found) add(found.source, found.column.name);
    else return null;
  }
  return outputs;
}

function starredBy(node: Node, sources: readonly Source[]): readonly Source[] | null {
  if (!('ColumnRef' in node) || !node.ColumnRef.fields?.some((field) => 'A_Star' in field)) return null;
  const alias = strings(node.ColumnRef.fields).at(-1);
  return sources.filter((source) => alias === undefined || source.alias === alias);
}

/** Whether columns of a table tell its rows apart. */
export const hasKey = (outputs: ReadonlyMap<Source, ReadonlySet<string>>, source: Source): boolean =>
  source.table.keys.some((key) => key.every((name) => outputs.get(source)?.has(name)));

/** `DISTINCT`, not `DISTINCT ON`: a list with one empty item. */
export const isDistinct = ({ distinctClause }: SelectStmt): boolean =>
  distinctClause?.every((node) => Object.keys(node).length === 0) ?? false;
