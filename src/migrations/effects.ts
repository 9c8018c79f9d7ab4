/*
 * What a statement does to a schema. Names are as the server keeps them: folded, without quotes; a name in a schema other
 * than `public` is `schema.name`. Types and expressions are SQL as the deparser writes it, so that equals have equal text.
 */

export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  /** SQL of the default; null without one. */
  readonly default: string | null;
  /** `serial`, an identity, or an expression that is stored. */
  readonly generated: 'serial' | 'identity' | 'stored' | 'virtual' | null;
}

export interface ConstraintDefinition {
  readonly name: string;
  /** The statement gives no name, so the server chooses it. */
  readonly nameIsChosen: boolean;
  readonly kind: 'primary-key' | 'unique' | 'check' | 'foreign-key' | 'exclude';
  readonly columns: readonly string[];
  readonly references: { readonly table: string; readonly columns: readonly string[] } | null;
  readonly notValid: boolean;
  /** The name of the index that becomes the constraint's (USING INDEX). */
  readonly usingIndex: string | null;
  /** SQL of the constraint without its name. */
  readonly sql: string;
}

export interface IndexKey {
  /** The name of a column, or the SQL of an expression. */
  readonly sql: string;
  readonly isExpression: boolean;
  readonly operatorClass: string | null;
  /** `DESC NULLS LAST` and the like; empty for the default. */
  readonly order: string;
}

export interface IndexDefinition {
  readonly name: string;
  /** The statement gives no name, so the server chooses it. */
  readonly nameIsChosen: boolean;
  readonly table: string;
  readonly method: string;
  readonly unique: boolean;
  readonly keys: readonly IndexKey[];
  readonly include: readonly string[];
  readonly where: string | null;
  readonly options: Readonly<Record<string, string>>;
}

/** Kinds of objects of which only the name is followed. */
export type ObjectClass =
  | 'function'
  | 'trigger'
  | 'view'
  | 'materialized-view'
  | 'sequence'
  | 'policy'
  | 'schema'
  | 'type'
  | 'domain'
  | 'rule'
  | 'statistics'
  | 'publication'
  | 'role'
  | 'other';

export type Effect =
  | {
      readonly kind: 'create-table';
      readonly table: string;
      readonly columns: readonly ColumnDefinition[];
      readonly constraints: readonly ConstraintDefinition[];
      readonly ifNotExists: boolean;
      /** Tables that it inherits from, is a partition of, or copies. */
      readonly from: readonly string[];
      /** Filled by a query as it is created. */
      readonly filled: boolean;
    }
  | { readonly kind: 'drop-table'; readonly table: string; readonly ifExists: boolean; readonly cascade: boolean }
  | { readonly kind: 'rename-table'; readonly table: string; readonly to: string }
  | {
      readonly kind: 'add-column';
      readonly table: string;
      readonly column: ColumnDefinition;
      readonly ifNotExists: boolean;
    }
  | {
      readonly kind: 'drop-column';
      readonly table: string;
      readonly column: string;
      readonly ifExists: boolean;
      readonly cascade: boolean;
    }
  | { readonly kind: 'rename-column'; readonly table: string; readonly column: string; readonly to: string }
  | {
      readonly kind: 'set-type';
      readonly table: string;
      readonly column: string;
      readonly type: string;
      readonly using: string | null;
    }
  | { readonly kind: 'set-default'; readonly table: string; readonly column: string; readonly default: string | null }
  | { readonly kind: 'set-not-null'; readonly table: string; readonly column: string; readonly notNull: boolean }
  | { readonly kind: 'add-constraint'; readonly table: string; readonly constraint: ConstraintDefinition }
  | {
      readonly kind: 'drop-constraint';
      readonly table: string;
      readonly name: string;
      readonly ifExists: boolean;
      readonly cascade: boolean;
    }
  | { readonly kind: 'rename-constraint'; readonly table: string; readonly name: string; readonly to: string }
  | { readonly kind: 'validate-constraint'; readonly table: string; readonly name: string }
  | { readonly kind: 'table-option'; readonly table: string; readonly option: string }
  | {
      readonly kind: 'create-index';
      readonly index: IndexDefinition;
      readonly concurrently: boolean;
      readonly ifNotExists: boolean;
    }
  | { readonly kind: 'drop-index'; readonly name: string; readonly concurrently: boolean; readonly ifExists: boolean }
  | { readonly kind: 'rename-index'; readonly name: string; readonly to: string }
  | { readonly kind: 'reindex'; readonly name: string; readonly concurrently: boolean }
  | { readonly kind: 'create-enum'; readonly type: string; readonly values: readonly string[] }
  | {
      readonly kind: 'add-enum-value';
      readonly type: string;
      readonly value: string;
      readonly neighbour: { readonly value: string; readonly after: boolean } | null;
      readonly ifNotExists: boolean;
    }
  | { readonly kind: 'rename-enum-value'; readonly type: string; readonly value: string; readonly to: string }
  | { readonly kind: 'drop-type'; readonly type: string; readonly ifExists: boolean }
  | { readonly kind: 'rename-type'; readonly type: string; readonly to: string }
  | { readonly kind: 'create-extension'; readonly name: string; readonly ifNotExists: boolean }
  | { readonly kind: 'drop-extension'; readonly name: string }
  | {
      readonly kind: 'create-object';
      readonly class: ObjectClass;
      readonly name: string;
      readonly replaces: boolean;
      readonly table: string | null;
    }
  | { readonly kind: 'alter-object'; readonly class: ObjectClass; readonly name: string }
  | { readonly kind: 'drop-object'; readonly class: ObjectClass; readonly name: string; readonly ifExists: boolean }
  | { readonly kind: 'comment'; readonly on: string }
  | { readonly kind: 'privilege' }
  | { readonly kind: 'data'; readonly verb: DataVerb; readonly table: string | null }
  | { readonly kind: 'setting'; readonly name: string; readonly value: string | null; readonly local: boolean }
  | { readonly kind: 'transaction'; readonly what: string }
  | { readonly kind: 'maintenance'; readonly what: string; readonly tables: readonly string[] }
  /** The tool refuses the operation, so the migration fails here: a constraint is dropped without its name. */
  | { readonly kind: 'refused'; readonly table: string }
  /** A function or block of code that may do anything. */
  | { readonly kind: 'code'; readonly what: 'do' | 'call' | 'select' };

export type DataVerb = 'insert' | 'update' | 'delete' | 'truncate' | 'copy' | 'merge';
