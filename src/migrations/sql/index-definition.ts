import type { IndexStmt, Node } from 'libpg-query';
import type { IndexDefinition, IndexKey } from '../effects.js';
import { expressionSql, unusedName } from './columns.js';
import { bareName, columnsLabel, nameOf, schemaOf, tableName, withSchema } from './names.js';

/** The index that a statement creates. */
export function indexOf(statement: IndexStmt, taken: ReadonlySet<string> = new Set()): IndexDefinition {
  const table = tableName(statement.relation);
  const keys = elements(statement.indexParams);
  const include = elements(statement.indexIncludingParams).map(({ sql }) => sql);
  const name =
    statement.idxname ?? unusedName(bareName(table), columnsLabel([...keys.map(labelOf), ...include]), 'idx', taken);
  return {
    name: withSchema(schemaOf(table), name),
    nameIsChosen: statement.idxname === undefined,
    table,
    method: statement.accessMethod ?? 'btree',
    unique: statement.unique === true,
    keys,
    include,
    where: statement.whereClause ? expressionSql(statement.whereClause) : null,
    options: optionsOf(statement.options),
  };
}

/** Expressions are named `expr`, or by the function that they call. */
const labelOf = ({ sql, isExpression }: IndexKey): string =>
  isExpression ? (/^(\w+)\s?\(/.exec(sql)?.[1] ?? 'expr') : sql;

function elements(nodes: readonly Node[] | undefined): readonly IndexKey[] {
  return (nodes ?? []).flatMap((node) => {
    if (!('IndexElem' in node)) return [];
    const { name, expr, opclass, ordering, nulls_ordering: nulls } = node.IndexElem;
    const order = [
      ...(ordering === 'SORTBY_DESC' ? ['DESC'] : []),
      ...(nulls === 'SORTBY_NULLS_FIRST' && ordering !== 'SORTBY_DESC' ? ['NULLS FIRST'] : []),
      ...(nulls === 'SORTBY_NULLS_LAST' && ordering === 'SORTBY_DESC' ? ['NULLS LAST'] : []),
    ];
    return [
      {
        sql: name ?? expressionSql(expr),
        isExpression: name === undefined,
        operatorClass: opclass && opclass.length > 0 ? nameOf(opclass) : null,
        order: order.join(' '),
      },
    ];
  });
}

function optionsOf(nodes: readonly Node[] | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (nodes ?? []).flatMap((node) =>
      'DefElem' in node ? [[node.DefElem.defname ?? '', constantText(node.DefElem.arg)] as const] : [],
    ),
  );
}

/** The text of a constant in a list of options: `16`, `true`, `off`. */
export function constantText(node: Node | undefined): string {
  if (!node) return '';
  if ('Integer' in node) return String(node.Integer.ival ?? 0);
  if ('Float' in node) return node.Float.fval ?? '';
  if ('String' in node) return node.String.sval ?? '';
  if ('Boolean' in node) return String(node.Boolean.boolval ?? false);
  if ('TypeName' in node) return nameOf(node.TypeName.names);
  if ('A_Const' in node) {
    const { ival, fval, sval, boolval } = node.A_Const;
    return String(ival ? (ival.ival ?? 0) : (fval?.fval ?? sval?.sval ?? boolval?.boolval ?? ''));
  }
  return expressionSql(node);
}
