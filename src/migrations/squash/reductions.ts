import type { Node } from 'libpg-query';
import type { Effect, IndexDefinition } from '../effects.js';
import { bareName, tableName } from '../sql/names.js';
import { foldEnum } from './fold-enum.js';
import { commandOf, foldIntoTable } from './fold-into-table.js';
import { effectOf, type Step } from './step.js';
import { hasDefault, isComputed, mapNodes, renameIn, withNotNull } from './table-elements.js';

/**
 * What two steps come to, when nothing between them depends on either: fewer steps, or the same steps the other way round
 * so that they come closer to what they can be folded into.
 *
 * @returns null where they stay as they are
 */
export function reduce(earlier: Step, later: Step): readonly Node[] | null {
  const [a, b] = [effectOf(earlier), effectOf(later)];
  if (!a || !b) return null;
  return (
    cancelled(a, b, earlier.node) ??
    lost(a, b, later.node) ??
    withTable(a, b, earlier.node, later.node) ??
    withColumn(a, b, earlier.node, later.node) ??
    renames(a, b, earlier.node, later.node) ??
    foldEnum(a, b, earlier.node, later.node) ??
    repeated(a, b, later.node)
  );
}

/** The later step undoes the earlier one. */
function cancelled(a: Effect, b: Effect, earlier: Node): readonly Node[] | null {
  if (a.kind === 'create-table' && b.kind === 'drop-table')
    return a.table === b.table && a.from.length === 0 ? [] : null;
  if (a.kind === 'add-column' && b.kind === 'drop-column')
    return a.table === b.table && a.column.name === b.column ? [] : null;
  if (a.kind === 'create-index' && b.kind === 'drop-index') return a.index.name === b.name ? [] : null;
  if (a.kind === 'create-enum' && b.kind === 'drop-type') return a.type === b.type ? [] : null;
  if (a.kind === 'add-constraint' && b.kind === 'drop-constraint') {
    if (a.table !== b.table || a.constraint.name !== b.name || a.constraint.usingIndex !== null) return null;
    return a.constraint.kind === 'primary-key' ? a.constraint.columns.map((column) => setNotNull(earlier, column)) : [];
  }
  if (a.kind === 'create-object' && b.kind === 'drop-object') {
    const isFollowed = ['trigger', 'policy', 'view', 'materialized-view'].includes(a.class);
    return isFollowed && !a.replaces && a.class === b.class && a.name === b.name ? [] : null;
  }
  return null;
}

/** ALTER TABLE … ALTER COLUMN … SET NOT NULL on the table of another ALTER TABLE. */
function setNotNull(node: Node, name: string): Node {
  if (!('AlterTableStmt' in node)) throw new Error('A constraint is added by ALTER TABLE.');
  return {
    AlterTableStmt: {
      ...node.AlterTableStmt,
      cmds: [{ AlterTableCmd: { subtype: 'AT_SetNotNull', name, behavior: 'DROP_RESTRICT' } }],
    },
  };
}

/** The earlier step changes what the later one drops. */
function lost(a: Effect, b: Effect, later: Node): readonly Node[] | null {
  if (b.kind === 'drop-table')
    return tableOf(a) === b.table && a.kind !== 'create-table' && a.kind !== 'rename-table' ? [later] : null;
  if (b.kind !== 'drop-column') return null;
  const isOfColumn =
    (a.kind === 'set-type' || a.kind === 'set-default' || a.kind === 'set-not-null') &&
    a.table === b.table &&
    a.column === b.column;
  const isIndex = a.kind === 'create-index' && a.index.table === b.table && plainColumns(a.index).includes(b.column);
  const isConstraint =
    a.kind === 'add-constraint' &&
    a.table === b.table &&
    a.constraint.kind !== 'primary-key' &&
    a.constraint.columns.includes(b.column);
  return isOfColumn || isIndex || isConstraint ? [later] : null;
}

const tableOf = (effect: Effect): string | null => {
  if (effect.kind === 'create-index') return effect.index.table;
  const kinds: readonly Effect['kind'][] = [
    'add-column',
    'drop-column',
    'rename-column',
    'set-type',
    'set-default',
    'set-not-null',
    'add-constraint',
    'drop-constraint',
    'rename-constraint',
    'validate-constraint',
    'table-option',
  ];
  return kinds.includes(effect.kind) && 'table' in effect ? effect.table : null;
};

const plainColumns = ({ keys, include }: IndexDefinition): readonly string[] => [
  ...keys.filter(({ isExpression }) => !isExpression).map(({ sql }) => sql),
  ...include,
];

/** CREATE TABLE and a change of the table. */
function withTable(a: Effect, b: Effect, earlier: Node, later: Node): readonly Node[] | null {
  if (a.kind !== 'create-table' || a.filled || !('CreateStmt' in earlier)) return null;
  if (!('table' in b) || b.table !== a.table || b.kind === 'data') return null;
  return foldIntoTable(earlier.CreateStmt, b as Extract<Effect, { readonly table: string }>, later);
}

/** ADD COLUMN and a change of the column. */
function withColumn(a: Effect, b: Effect, earlier: Node, later: Node): readonly Node[] | null {
  if (a.kind !== 'add-column' || !('AlterTableStmt' in earlier)) return null;
  const command = commandOf(earlier);
  const column = command?.def && 'ColumnDef' in command.def ? command.def.ColumnDef : undefined;
  if (
    !column ||
    !('table' in b) ||
    b.table !== a.table ||
    !('column' in b) ||
    b.column !== a.column.name ||
    isComputed(column)
  )
    return null;
  const changed = (definition: typeof column): readonly Node[] => [
    {
      AlterTableStmt: {
        ...earlier.AlterTableStmt,
        cmds: [{ AlterTableCmd: { ...command, def: { ColumnDef: definition } } }],
      },
    },
  ];
  const { def } = commandOf(later) ?? {};
  // Its default stays: rows that are there already have got it.
  if (b.kind === 'set-not-null') return changed(withNotNull(column, b.notNull));
  if (b.kind === 'rename-column') return changed({ ...column, colname: b.to });
  if (
    b.kind === 'set-type' &&
    !hasDefault(column) &&
    def &&
    'ColumnDef' in def &&
    def.ColumnDef.typeName &&
    !column.collClause
  ) {
    return changed({ ...column, typeName: def.ColumnDef.typeName });
  }
  return null;
}

/** A step and a later rename of what it is about: one step under the new name, or the rename first. */
function renames(a: Effect, b: Effect, earlier: Node, later: Node): readonly Node[] | null {
  if (a.kind === 'create-index' && b.kind === 'rename-index' && 'IndexStmt' in earlier) {
    return a.index.name === b.name ? [{ IndexStmt: { ...earlier.IndexStmt, idxname: bareName(b.to) } }] : null;
  }
  if (a.kind === 'add-constraint' && b.kind === 'rename-constraint' && 'AlterTableStmt' in earlier) {
    const command = commandOf(earlier);
    if (a.table !== b.table || a.constraint.name !== b.name || !command?.def || !('Constraint' in command.def))
      return null;
    const def = { Constraint: { ...command.def.Constraint, conname: b.to } };
    return [{ AlterTableStmt: { ...earlier.AlterTableStmt, cmds: [{ AlterTableCmd: { ...command, def } }] } }];
  }
  if (a.kind === 'rename-table' && b.kind === 'rename-table' && 'RenameStmt' in earlier && 'RenameStmt' in later) {
    if (a.to !== b.table) return null;
    return b.to === a.table ? [] : [{ RenameStmt: { ...earlier.RenameStmt, newname: later.RenameStmt.newname ?? '' } }];
  }
  if (a.kind === 'rename-column' && b.kind === 'rename-column' && 'RenameStmt' in earlier) {
    if (a.table !== b.table || a.to !== b.column) return null;
    return a.column === b.to ? [] : [{ RenameStmt: { ...earlier.RenameStmt, newname: b.to } }];
  }
  return renameFirst(a, b, earlier, later);
}

/** An index or a constraint and a later rename of a column or table: the rename moves up to where it can be folded. */
function renameFirst(a: Effect, b: Effect, earlier: Node, later: Node): readonly Node[] | null {
  if (b.kind === 'rename-column') {
    if (
      a.kind === 'create-index' &&
      a.index.table === b.table &&
      plainColumns(a.index).includes(b.column) &&
      !hasExpression(a.index)
    ) {
      return [
        later,
        mapNodes(earlier, (key, value) => (key === 'IndexElem' ? renamedElement(value, b.column, b.to) : undefined)),
      ];
    }
    if (a.kind === 'add-constraint' && a.table === b.table && a.constraint.columns.includes(b.column)) {
      return [later, renameIn(earlier, b.column, b.to)];
    }
  }
  if (b.kind === 'rename-table' && tableOf(a) === b.table && 'RenameStmt' in later && a.kind !== 'table-option') {
    return [later, retargeted(earlier, b.table, bareName(b.to))];
  }
  return null;
}

const hasExpression = ({ keys, where }: IndexDefinition): boolean =>
  where !== null || keys.some(({ isExpression }) => isExpression);

function renamedElement(element: unknown, from: string, to: string): unknown {
  const own = element as { readonly name?: string };
  return own.name === from ? { ...own, name: to } : own;
}

/** The statement on the table of another name. */
function retargeted(node: Node, from: string, to: string): Node {
  return mapNodes(node, (key, value) => {
    if (key !== 'relation' && key !== 'pktable') return undefined;
    const relation = value as Parameters<typeof tableName>[0] & object;
    return tableName(relation) === from ? { ...relation, relname: to } : value;
  });
}

/** The later step says the same anew. */
function repeated(a: Effect, b: Effect, later: Node): readonly Node[] | null {
  if (a.kind === 'set-default' && b.kind === 'set-default')
    return a.table === b.table && a.column === b.column ? [later] : null;
  if (a.kind === 'set-not-null' && b.kind === 'set-not-null')
    return a.table === b.table && a.column === b.column ? [later] : null;
  if (a.kind === 'comment' && b.kind === 'comment') return a.on === b.on && a.on !== '' ? [later] : null;
  return null;
}
