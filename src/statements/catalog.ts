/** A relation that a statement names, as far as its reader has to know it. */
export interface KnownRelation {
  /** As the statement writes them. */
  readonly schema: string | null;
  readonly name: string;
  readonly columns: readonly KnownColumn[];
}

export interface KnownColumn {
  readonly name: string;
  /** Without schema and modifier: `vector`, `int8`. */
  readonly type: string;
  /** Number of vector indexes on it. */
  readonly vectorIndexes: number;
}

/** What the catalog says of the table and the column that a statement searches. */
export interface SearchedTable {
  /** As people write it: `public.items`. */
  readonly label: string;
  /** Version of the extension. */
  readonly pgvector: string;
  readonly column: {
    readonly name: string;
    readonly quoted: string;
    readonly baseType: string;
    readonly type: string;
    readonly isNotNull: boolean;
    /** Of a row, where the column does not declare them; null where there is none. */
    readonly dimensions: number | null;
  };
  readonly leaves: readonly SearchedLeaf[];
  /** Of all leaves. */
  readonly indexes: readonly SearchedIndex[];
}

/** A table that holds rows: the table itself, or a partition. */
export interface SearchedLeaf {
  readonly oid: number;
  readonly name: string;
  readonly quoted: string;
  readonly blocks: number;
}

/** An index that can order by a distance. */
export interface SearchedIndex {
  readonly name: string;
  /** With its schema. */
  readonly quoted: string;
  /** Of its leaf. */
  readonly table: number;
  readonly method: string;
  readonly opclass: string;
  /** `<=>` */
  readonly operator: string;
  /** What it is on: the quoted column, or an expression. */
  readonly expression: string;
  /** Type of the expression, with its modifier. */
  readonly operandType: string;
  readonly isExpression: boolean;
  readonly predicate: string | null;
  readonly valid: boolean;
}
