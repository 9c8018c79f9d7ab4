import type { ColumnDefinition, ConstraintDefinition, IndexDefinition, ObjectClass } from '../effects.js';

/** A schema as a history of migrations leaves it. */
export class Schema {
  readonly tables = new Map<string, Table>();
  /** Values of enumerations, in order. */
  readonly enums = new Map<string, readonly string[]>();
  readonly extensions = new Set<string>();
  /** Everything of which only the name is followed: `function f`. */
  readonly objects = new Set<string>();

  /** The table of an index, and the index. */
  findIndex(name: string): { readonly table: Table; readonly index: IndexDefinition } | undefined {
    for (const table of this.tables.values()) {
      const index = table.indexes.get(name);
      if (index) return { table, index };
    }
    return undefined;
  }

  /** The table whose constraint owns an index of this name. */
  findKey(name: string): Table | undefined {
    return [...this.tables.values()].find((table) => {
      const kind = table.constraints.get(name)?.kind;
      return kind === 'primary-key' || kind === 'unique' || kind === 'exclude';
    });
  }
}

export interface Table {
  name: string;
  readonly columns: Map<string, ColumnDefinition>;
  readonly constraints: Map<string, ConstraintDefinition>;
  readonly indexes: Map<string, IndexDefinition>;
  /** Its columns are not all known: it copies another table, or is made by a query. */
  readonly isPartlyKnown: boolean;
  /** Some migration has written rows. */
  hasRows: boolean;
  /** Whether the table comes from this history, or was only met in it. */
  readonly isOfHistory: boolean;
}

export const newTable = (
  name: string,
  options: Partial<Pick<Table, 'isPartlyKnown' | 'isOfHistory' | 'hasRows'>> = {},
): Table => ({
  name,
  columns: new Map(),
  constraints: new Map(),
  indexes: new Map(),
  isPartlyKnown: options.isPartlyKnown ?? false,
  isOfHistory: options.isOfHistory ?? true,
  hasRows: options.hasRows ?? false,
});

export const objectKey = (of: ObjectClass, name: string): string => `${of} ${name}`;

/** Changes the key of an entry and keeps its place in the order. */
export function renameKey<V>(map: Map<string, V>, from: string, to: string, change: (value: V) => V): void {
  const entries = [...map].map(([key, value]) =>
    key === from ? ([to, change(value)] as const) : ([key, value] as const),
  );
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}
