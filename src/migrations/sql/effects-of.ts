import type { Node } from 'libpg-query';
import type { Effect } from '../effects.js';
import { alterTable } from './alter-table.js';
import { constantText, indexOf } from './index-definition.js';
import { columnOf, constraintsOf } from './columns.js';
import { dataEffects, selectEffects } from './data.js';
import { nameOf, strings, tableName, withSchema } from './names.js';
import { alteredObject, createdObject, droppedObjects } from './objects.js';
import { renamed } from './renamed.js';

type Tag<N> = N extends N ? keyof N : never;
type Statements = {
  readonly [T in Tag<Node>]: Extract<Node, Record<T, unknown>> extends Record<T, infer V> ? V : never;
};
type Reader<T extends keyof Statements> = (statement: Statements[T]) => readonly Effect[];

/** What a statement does; null for a kind of statement that is not known here. */
export function effectsOf(node: Node): readonly Effect[] | null {
  const [[tag, statement]] = Object.entries(node) as [[keyof Statements, never]];
  const reader = READERS[tag] as Reader<never> | undefined;
  if (reader) return reader(statement);
  return createdObject(node) ?? alteredObject(node);
}

const READERS: { readonly [T in keyof Statements]?: Reader<T> } = {
  CreateStmt: (statement) => {
    const table = tableName(statement.relation);
    const elements = statement.tableElts ?? [];
    return [
      {
        kind: 'create-table',
        table,
        columns: elements.flatMap((element) => ('ColumnDef' in element ? [columnOf(element.ColumnDef)] : [])),
        constraints: constraintsOf(table, elements),
        ifNotExists: statement.if_not_exists === true,
        from: [
          ...(statement.inhRelations ?? []).flatMap((node) => ('RangeVar' in node ? [tableName(node.RangeVar)] : [])),
          ...elements.flatMap((node) => ('TableLikeClause' in node ? [tableName(node.TableLikeClause.relation)] : [])),
        ],
        filled: false,
      },
    ];
  },
  CreateTableAsStmt: (statement) => {
    const name = tableName(statement.into?.rel);
    if (statement.objtype === 'OBJECT_MATVIEW') {
      return [{ kind: 'create-object', class: 'materialized-view', name, replaces: false, table: null }];
    }
    return [
      {
        kind: 'create-table',
        table: name,
        columns: [],
        constraints: [],
        ifNotExists: statement.if_not_exists === true,
        from: [],
        filled: true,
      },
    ];
  },
  AlterTableStmt: alterTable,
  RenameStmt: renamed,
  DropStmt: droppedObjects,
  IndexStmt: (statement) => [
    {
      kind: 'create-index',
      index: indexOf(statement),
      concurrently: statement.concurrent === true,
      ifNotExists: statement.if_not_exists === true,
    },
  ],
  ReindexStmt: (statement) => [
    {
      kind: 'reindex',
      name: statement.relation ? tableName(statement.relation) : (statement.name ?? ''),
      concurrently: (statement.params ?? []).some(
        (node) => 'DefElem' in node && node.DefElem.defname === 'concurrently',
      ),
    },
  ],
  CreateEnumStmt: (statement) => [
    { kind: 'create-enum', type: nameOf(statement.typeName), values: strings(statement.vals) },
  ],
  AlterEnumStmt: (statement) => {
    const type = nameOf(statement.typeName);
    if (statement.oldVal !== undefined) {
      return [{ kind: 'rename-enum-value', type, value: statement.oldVal, to: statement.newVal ?? '' }];
    }
    return [
      {
        kind: 'add-enum-value',
        type,
        value: statement.newVal ?? '',
        neighbour:
          statement.newValNeighbor === undefined
            ? null
            : { value: statement.newValNeighbor, after: statement.newValIsAfter === true },
        ifNotExists: statement.skipIfNewValExists === true,
      },
    ];
  },
  AlterObjectSchemaStmt: (statement) => {
    if (statement.objectType === 'OBJECT_TABLE' && statement.relation) {
      const from = statement.relation;
      return [
        { kind: 'rename-table', table: tableName(from), to: withSchema(statement.newschema, from.relname ?? '') },
      ];
    }
    return [{ kind: 'alter-object', class: 'other', name: '' }];
  },
  CreateExtensionStmt: (statement) => [
    { kind: 'create-extension', name: statement.extname ?? '', ifNotExists: statement.if_not_exists === true },
  ],
  CommentStmt: (statement) => {
    const on = statement.object;
    return [{ kind: 'comment', on: on && 'List' in on ? strings(on.List.items).join('.') : '' }];
  },
  GrantStmt: () => [{ kind: 'privilege' }],
  GrantRoleStmt: () => [{ kind: 'privilege' }],
  AlterDefaultPrivilegesStmt: () => [{ kind: 'privilege' }],
  AlterOwnerStmt: () => [{ kind: 'privilege' }],
  ReassignOwnedStmt: () => [{ kind: 'privilege' }],
  InsertStmt: (statement) => dataEffects('insert', statement.relation),
  UpdateStmt: (statement) => dataEffects('update', statement.relation),
  DeleteStmt: (statement) => dataEffects('delete', statement.relation),
  MergeStmt: (statement) => dataEffects('merge', statement.relation),
  CopyStmt: (statement) => (statement.is_from ? dataEffects('copy', statement.relation) : []),
  TruncateStmt: (statement) =>
    (statement.relations ?? []).flatMap((node) => ('RangeVar' in node ? dataEffects('truncate', node.RangeVar) : [])),
  SelectStmt: selectEffects,
  DoStmt: () => [{ kind: 'code', what: 'do' }],
  CallStmt: () => [{ kind: 'code', what: 'call' }],
  VariableSetStmt: (statement) => [
    {
      kind: 'setting',
      name: statement.name ?? '',
      value: statement.kind === 'VAR_SET_VALUE' ? (statement.args ?? []).map(constantText).join(', ') : null,
      local: statement.is_local === true,
    },
  ],
  VariableShowStmt: () => [],
  TransactionStmt: (statement) => [
    { kind: 'transaction', what: (statement.kind ?? '').replace('TRANS_STMT_', '').toLowerCase() },
  ],
  LockStmt: () => [{ kind: 'transaction', what: 'lock' }],
  VacuumStmt: (statement) => [
    {
      kind: 'maintenance',
      what: statement.is_vacuumcmd ? 'vacuum' : 'analyze',
      tables: (statement.rels ?? []).flatMap((node) =>
        'VacuumRelation' in node ? [tableName(node.VacuumRelation.relation)] : [],
      ),
    },
  ],
  ClusterStmt: (statement) => [{ kind: 'maintenance', what: 'cluster', tables: [tableName(statement.relation)] }],
  RefreshMatViewStmt: (statement) => dataEffects('insert', statement.relation),
};
