import type { Node, SelectStmt } from 'libpg-query';
import { and, columnsIn, conjunctsOf, integer, nodesBeside, nodesIn, setWhere } from '../nodes.js';
import { hasKey, isDistinct, outputsOf } from './outputs.js';
import type { Rewrite } from './rewrite.js';
import { columnIn, isPlain, sourcesOf } from './sources.js';

/** A join that multiplies rows, and DISTINCT that takes them away again: the joined table is only asked whether it has a row. */
export const semiJoin: Rewrite = {
  code: 'semi-join',
  apply: (root, tables) => {
    const sources = sourcesOf(root, tables);
    if (!sources || !isPlain(root, 'distinctClause', 'sortClause') || !isDistinct(root)) return null;
    const outputs = outputsOf(root, sources);
    if (!outputs || sources.some(({ optional }) => optional)) return null;
    const kept = sources.filter((source) => outputs.has(source));
    const asked = sources.filter((source) => !outputs.has(source));
    const conditions = conditionsOf(root);
    if (kept.length === 0 || asked.length === 0) return null;
    const [own, others]: [Node[], Node[]] = [[], []];
    for (const condition of conditions) {
      if ([...nodesIn(condition)].some((node) => 'SubLink' in node)) return null;
      const found = columnsIn(condition).map((use) => columnIn(sources, use));
      if (found.includes(null)) return null;
      (found.some((one) => asked.includes(one!.source)) ? others : own).push(condition);
    }
    const select: SelectStmt = {
      targetList: [{ ResTarget: { val: integer(1) } }],
      fromClause: asked.map(({ item }) => item),
      limitOption: 'LIMIT_OPTION_DEFAULT',
      op: 'SETOP_NONE',
    };
    setWhere(select, others);
    const sublink: Node = { SubLink: { subLinkType: 'EXISTS_SUBLINK', subselect: { SelectStmt: select } } };
    root.fromClause = kept.map(({ item }) => item);
    root.whereClause = and([...own, sublink])!;
    if (kept.every((source) => hasKey(outputs, source))) delete root.distinctClause;
    return { code: 'semi-join', data: { tables: asked.map(({ table }) => table.name) } };
  },
};

/** WHERE, and those of inner joins. */
const conditionsOf = ({ fromClause, whereClause }: SelectStmt): readonly Node[] =>
  [
    whereClause,
    ...[...nodesBeside(fromClause)].flatMap((node) => ('JoinExpr' in node ? [node.JoinExpr.quals] : [])),
  ].flatMap(conjunctsOf);
