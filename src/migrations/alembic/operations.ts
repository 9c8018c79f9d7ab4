import { syncEnumValues } from './enum-operations.js';
import {
  checkConstraint,
  createIndex,
  dropConstraint,
  dropIndex,
  excludeConstraint,
  primaryKey,
  uniqueConstraint,
} from './index-operations.js';
import {
  addColumn,
  alterColumn,
  createTable,
  dropColumn,
  dropTable,
  dropTableComment,
  foreignKey,
  renameTable,
  type Renderer,
  tableComment,
} from './table-operations.js';

/** Operations of `alembic.op` and of its batches that become SQL; another one is one more line. */
export const OPERATIONS: Readonly<Record<string, Renderer>> = {
  create_table: createTable,
  drop_table: dropTable,
  rename_table: renameTable,
  create_table_comment: tableComment,
  drop_table_comment: dropTableComment,
  add_column: addColumn,
  drop_column: dropColumn,
  alter_column: alterColumn,
  create_foreign_key: foreignKey,
  create_index: createIndex,
  drop_index: dropIndex,
  create_unique_constraint: uniqueConstraint,
  create_primary_key: primaryKey,
  create_check_constraint: checkConstraint,
  create_exclude_constraint: excludeConstraint,
  drop_constraint: dropConstraint,
  sync_enum_values: syncEnumValues,
};

/** What is asked of `op` without changing anything. */
export const QUERIES: ReadonlySet<string> = new Set([
  'f',
  'get_bind',
  'get_context',
  'inline_literal',
  'batch_alter_table',
]);
