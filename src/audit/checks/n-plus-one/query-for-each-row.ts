import type { ForeignKey } from '../../snapshot/relations.js';
import type { Statement } from '../../snapshot/statements.js';
import { plainName } from '../../sql.js';
import { statementEvidence, statementName } from '../../statements/evidence.js';
import { catalogOf, type FoundColumn } from '../../statements/look-up.js';
import { nPlusOneCheck } from './check.js';

/** Of the rows that the first query returned. */
const TOLERANCE = 0.1;
const LEAST_CHILDREN = 5;
const LEAST_CALLS = 20;

/**
 * N+1 queries: one query returns rows, and another one is called once for each of them, along a foreign key. Seen from the
 * database, calls of the second equal rows of the first.
 */
export const queryForEachRow = nPlusOneCheck({
  id: 'query-for-each-row',
  severity: 'medium',
  needs: ['statements', 'tables', 'columns', 'foreignKeys'],
  run: ({ statements: { statements }, foreignKeys, ...parts }) => {
    const { tableOf, find } = catalogOf(parts);
    const parents = statements.filter(
      ({ shape, calls, rows }) =>
        shape?.kind === 'select' && !shape.aggregates && calls > 0 && rows / calls >= LEAST_CHILDREN,
    );
    return statements.flatMap((child) => {
      const by = lookedUpBy(child, find);
      if (!by || child.calls < LEAST_CALLS) return [];
      return parents
        .filter((parent) => parent !== child && matches(parent, child))
        .flatMap((parent) => {
          const found = parent
            .shape!.relations.flatMap(({ name, schema }) => tableOf(name, schema) ?? [])
            .flatMap((table) => edges(foreignKeys, by, table.oid).map((key) => ({ parentTable: table, key })))[0];
          return found ? [{ parent, ...found }] : [];
        })
        .slice(0, 1)
        .map(({ parent, parentTable, key }) => ({
          object: statementName(child),
          confidence: 'medium' as const,
          basis: 'statements' as const,
          evidence: statementEvidence(parent.id, child.id),
          remedy: null,
          data: {
            parent: parent.query,
            parentCalls: parent.calls,
            parentRows: parent.rows,
            child: child.query,
            childCalls: child.calls,
            childMs: child.executionMs,
            foreignKey: key.name,
            childTable: plainName(by.table),
            childColumn: by.column.name,
            parentTable: plainName(parentTable),
            /** `to-one`: each parent refers to one child; `to-many`: children refer to their parent. */
            direction: key.tableOid === by.table.oid ? ('to-many' as const) : ('to-one' as const),
            /** Queries of a request that loads one page of parents. */
            queriesPerCall: 1 + child.calls / parent.calls,
          },
        }));
    });
  },
});

const matches = (parent: Statement, child: Statement): boolean =>
  Math.abs(child.calls / parent.rows - 1) <= TOLERANCE && child.calls / parent.calls >= LEAST_CHILDREN;

/** The one column of one table by which a statement looks rows up. */
function lookedUpBy({ shape }: Statement, find: ReturnType<typeof catalogOf>['find']): FoundColumn | null {
  if (shape?.kind !== 'select' || shape.relations.length !== 1 || shape.equalities.length !== 1) return null;
  return find(shape, shape.equalities[0]!);
}

/** Foreign keys between a column and another table, in either direction. */
const edges = (keys: readonly ForeignKey[], { table, column }: FoundColumn, other: number): readonly ForeignKey[] =>
  keys.filter(
    (key) =>
      key.columns.length === 1 &&
      ((key.tableOid === table.oid && key.columns[0] === column.number && key.referencedTableOid === other) ||
        (key.referencedTableOid === table.oid && key.referencedColumns[0] === column.number && key.tableOid === other)),
  );
