import type { RenameStmt } from 'libpg-query';
import type { Effect } from '../effects.js';
import { nameOf, schemaOf, tableName, withSchema } from './names.js';

/** ALTER … RENAME. */
export function renamed(statement: RenameStmt): readonly Effect[] {
  const to = statement.newname ?? '';
  const on = tableName(statement.relation);
  const renamedType: string = statement.renameType ?? '';
  switch (renamedType) {
    case 'OBJECT_TABLE':
      return [{ kind: 'rename-table', table: on, to: withSchema(schemaOf(on), to) }];
    case 'OBJECT_COLUMN':
      return [{ kind: 'rename-column', table: on, column: statement.subname ?? '', to }];
    case 'OBJECT_INDEX':
      return [{ kind: 'rename-index', name: on, to: withSchema(schemaOf(on), to) }];
    case 'OBJECT_TABCONSTRAINT':
      return [{ kind: 'rename-constraint', table: on, name: statement.subname ?? '', to }];
    case 'OBJECT_TYPE': {
      const type = statement.object && 'List' in statement.object ? nameOf(statement.object.List.items) : '';
      return [{ kind: 'rename-type', type, to: withSchema(schemaOf(type), to) }];
    }
    case 'OBJECT_SEQUENCE':
      return [{ kind: 'alter-object', class: 'sequence', name: on }];
    case 'OBJECT_VIEW':
      return [{ kind: 'alter-object', class: 'view', name: on }];
    default:
      return [{ kind: 'alter-object', class: 'other', name: on }];
  }
}
