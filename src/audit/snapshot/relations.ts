/*
 * Relations of one database, as its catalogs and cumulative statistics describe them. Objects of the system and of
 * extensions, and temporary ones, are left out. `oid` only joins what belongs together within a snapshot.
 */

export interface Table {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'partitioned' | 'materialized-view';
  /** Table that it is a partition or a child of. */
  readonly parentOid: number | null;
  /** Not written to WAL: empty after a crash. */
  readonly unlogged: boolean;
  /** As of the last VACUUM or ANALYZE; null where there was none. */
  readonly estimatedRows: number | null;
  readonly heapBytes: number;
  readonly toastBytes: number;
  readonly options: readonly string[];
  /** Transactions since its oldest unfrozen row was written; 0 for a partitioned table, which has no rows. */
  readonly xidAge: number;
  readonly multixactAge: number;
  readonly activity: TableActivity;
}

/** Counted since the statistics were reset. */
export interface TableActivity {
  readonly sequentialScans: number;
  readonly sequentialRowsRead: number;
  readonly indexScans: number;
  readonly inserts: number;
  readonly updates: number;
  readonly hotUpdates: number;
  readonly deletes: number;
  readonly liveRows: number;
  readonly deadRows: number;
  readonly modificationsSinceAnalyze: number;
  /** ISO 8601, by hand or by autovacuum; null: never. */
  readonly lastVacuum: string | null;
  readonly lastAnalyze: string | null;
}

export interface Column {
  readonly tableOid: number;
  readonly number: number;
  readonly name: string;
  /** As in `format_type`, with its modifier: `character varying(20)`. */
  readonly type: string;
  /** Name of the type without schema and modifier: `varchar`, `vector`. */
  readonly typeName: string;
  /** Type modifier; of a vector its dimensions; −1: none. */
  readonly typeModifier: number;
  readonly notNull: boolean;
  readonly generated: 'identity' | 'stored' | null;
  readonly default: string | null;
}

/** What the planner knows of a column by the last ANALYZE. */
export interface ColumnStatistics {
  readonly tableOid: number;
  readonly columnNumber: number;
  /** 0 to 1 */
  readonly nullFraction: number;
  /** Bytes; of a value that is stored out of line, those of the pointer. */
  readonly averageWidth: number;
  /** From 1: distinct values; below 0: minus their number as a share of the rows. */
  readonly distinctValues: number;
  /** The most common values of a column that has few, as text, with their shares of the rows; empty for all others. */
  readonly commonValues: readonly { readonly value: string; readonly share: number }[];
}

export interface Index {
  readonly oid: number;
  readonly tableOid: number;
  readonly schema: string;
  readonly name: string;
  /** Name of the access method: `btree`, `hnsw`. */
  readonly method: string;
  /** The extension that the access method belongs to: a fork of pgvector has methods of the same names. */
  readonly methodExtension: string | null;
  readonly partitioned: boolean;
  /** It belongs to an index of a partitioned table. */
  readonly attached: boolean;
  readonly keys: readonly IndexKey[];
  /** Columns behind INCLUDE. */
  readonly included: readonly number[];
  /** Every column whose change it has to follow: those of expressions and of the predicate as well. */
  readonly columns: readonly number[];
  readonly predicate: string | null;
  readonly unique: boolean;
  readonly nullsNotDistinct: boolean;
  /** False: uniqueness is checked at the end of the transaction. */
  readonly immediate: boolean;
  readonly valid: boolean;
  readonly replicaIdentity: boolean;
  readonly clustered: boolean;
  /** The constraint that it enforces. */
  readonly constraint: {
    readonly name: string;
    readonly kind: 'primary' | 'unique' | 'exclusion';
    readonly definition: string;
  } | null;
  /** Foreign keys of other tables point to what it keeps unique. */
  readonly referenced: boolean;
  /** `m=16` */
  readonly options: readonly string[];
  readonly pages: number;
  readonly bytes: number;
  /** As of the last VACUUM or ANALYZE; null where there was none. */
  readonly estimatedRows: number | null;
  /** The statement that creates it. */
  readonly definition: string;
  readonly scans: number;
  /** Entries that scans returned. */
  readonly entriesRead: number;
  /** ISO 8601; null: never, or before PostgreSQL 16, which keeps no time. */
  readonly lastScan: string | null;
}

export interface IndexKey {
  /** Of the column; 0 for an expression. */
  readonly column: number;
  /** Name of the column, quoted where it has to be, or the expression. */
  readonly text: string;
  readonly operatorClass: string;
  /** 0: none */
  readonly collationOid: number;
  /** Bits of `pg_index.indoption`: 1 descending, 2 nulls first. */
  readonly option: number;
  /** Of what the index keeps: name of the type, and its modifier, which is the dimensions of a vector; −1: none. */
  readonly typeName: string;
  readonly typeModifier: number;
}

export interface ForeignKey {
  readonly name: string;
  readonly tableOid: number;
  readonly columns: readonly number[];
  readonly referencedTableOid: number;
  readonly referencedColumns: readonly number[];
  readonly validated: boolean;
  readonly onDelete: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';
  readonly definition: string;
}

export interface CheckConstraint {
  readonly name: string;
  readonly tableOid: number;
  readonly validated: boolean;
  readonly definition: string;
}

export interface Sequence {
  readonly schema: string;
  readonly name: string;
  /** `integer` */
  readonly type: string;
  /** Null: it was never used. */
  readonly lastValue: number | null;
  readonly maximum: number;
  readonly increment: number;
  readonly cycles: boolean;
  /** The column that it numbers. */
  readonly owner: { readonly tableOid: number; readonly column: number } | null;
}
