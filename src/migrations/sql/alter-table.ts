import type { AlterTableCmd, AlterTableStmt } from 'libpg-query';
import type { Effect } from '../effects.js';
import { columnOf, constraintOf, constraintsOf, expressionSql, typeSql } from './columns.js';
import { bareName, tableName } from './names.js';

/** The commands of an ALTER TABLE, one effect or more each. */
export function alterTable(statement: AlterTableStmt): readonly Effect[] {
  const name = tableName(statement.relation);
  const commands = (statement.cmds ?? []).flatMap((node) => ('AlterTableCmd' in node ? [node.AlterTableCmd] : []));
  const type: string = statement.objtype ?? '';
  switch (type) {
    case 'OBJECT_TABLE':
    case 'OBJECT_FOREIGN_TABLE': {
      const used = new Set<string>();
      return commands.flatMap((command) => commandEffects(name, command, used));
    }
    case 'OBJECT_INDEX':
      return [{ kind: 'alter-object', class: 'other', name }];
    case 'OBJECT_VIEW':
      return [{ kind: 'alter-object', class: 'view', name }];
    case 'OBJECT_MATVIEW':
      return [{ kind: 'alter-object', class: 'materialized-view', name }];
    case 'OBJECT_SEQUENCE':
      return [{ kind: 'alter-object', class: 'sequence', name }];
    case 'OBJECT_TYPE':
      return [{ kind: 'alter-object', class: 'type', name }];
    default:
      return [{ kind: 'alter-object', class: 'other', name }];
  }
}

function commandEffects(table: string, command: AlterTableCmd, used: Set<string>): readonly Effect[] {
  const column = command.name ?? '';
  const definition = command.def;
  const lenient = command.missing_ok === true;
  const cascade = command.behavior === 'DROP_CASCADE';
  const subtype: string = command.subtype ?? '';
  switch (subtype) {
    case 'AT_AddColumn': {
      if (!definition || !('ColumnDef' in definition)) return [];
      return [
        { kind: 'add-column', table, column: columnOf(definition.ColumnDef), ifNotExists: lenient },
        ...constraintsOf(table, [definition], used).map((constraint): Effect => ({
          kind: 'add-constraint',
          table,
          constraint,
        })),
      ];
    }
    case 'AT_DropColumn':
      return [{ kind: 'drop-column', table, column, ifExists: lenient, cascade }];
    case 'AT_AlterColumnType': {
      const changed = definition && 'ColumnDef' in definition ? definition.ColumnDef : {};
      const using = changed.raw_default ? expressionSql(changed.raw_default) : null;
      return [{ kind: 'set-type', table, column, type: typeSql(changed.typeName), using }];
    }
    case 'AT_ColumnDefault':
      return [{ kind: 'set-default', table, column, default: definition ? expressionSql(definition) : null }];
    case 'AT_SetNotNull':
    case 'AT_DropNotNull':
      return [{ kind: 'set-not-null', table, column, notNull: subtype === 'AT_SetNotNull' }];
    case 'AT_AddConstraint': {
      if (!definition || !('Constraint' in definition)) return [];
      const { Constraint: added } = definition;
      if (added.contype === 'CONSTR_NOTNULL') {
        return (added.keys ?? []).flatMap((node) =>
          'String' in node
            ? [{ kind: 'set-not-null' as const, table, column: node.String.sval ?? '', notNull: true }]
            : [],
        );
      }
      const constraint = constraintOf(table, added, null, used);
      return constraint ? [{ kind: 'add-constraint', table, constraint }] : [];
    }
    case 'AT_DropConstraint':
      return [{ kind: 'drop-constraint', table, name: column, ifExists: lenient, cascade }];
    case 'AT_ValidateConstraint':
      return [{ kind: 'validate-constraint', table, name: column }];
    case 'AT_ChangeOwner':
      return [{ kind: 'privilege' }];
    case 'AT_AttachPartition':
      return [{ kind: 'table-option', table, option: 'attach-partition' }];
    default:
      return [{ kind: 'table-option', table, option: optionName(subtype) }];
  }
}

/** `AT_SetStorage` → `set-storage`. */
const optionName = (subtype: string): string =>
  bareName(subtype)
    .replace(/^AT_/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();
