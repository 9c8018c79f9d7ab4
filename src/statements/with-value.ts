import { grammar } from './grammar.js';
import { columnOf, type ColumnUse, nodesIn, numberOfParameter, operatorOf, putInPlace } from './nodes.js';

/**
 * A statement with a value in the place of the parameter that must equal a column.
 *
 * @returns null where there is no such parameter, or it is used twice
 */
export function withValue(sql: string, { alias, column }: ColumnUse, value: string): string | null {
  const [statement] = (grammar().parse(sql).stmts ?? []).flatMap(({ stmt }) => stmt ?? []);
  const numbers = [...nodesIn(statement)].flatMap((node) => {
    if (!('A_Expr' in node) || operatorOf(node) !== '=') return [];
    const { lexpr, rexpr } = node.A_Expr;
    const use = columnOf(lexpr) ?? columnOf(rexpr);
    const number = numberOfParameter(lexpr) ?? numberOfParameter(rexpr);
    return use?.column === column && use.alias === alias && number !== null ? [number] : [];
  });
  const [number] = numbers;
  const parameters = [...nodesIn(statement)].flatMap((node) => ('ParamRef' in node ? [node.ParamRef] : []));
  if (!statement || numbers.length !== 1 || parameters.filter((one) => one.number === number).length !== 1) return null;
  for (const node of nodesIn(statement)) {
    if (!('ParamRef' in node)) continue;
    const own = node.ParamRef.number ?? 0;
    if (own === number) putInPlace(node, { A_Const: { sval: { sval: value } } });
    // Parameters have no gaps.
    else if (own > number!) node.ParamRef.number = own - 1;
  }
  return grammar().write(statement);
}
