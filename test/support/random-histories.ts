import fc from 'fast-check';
import type { Revision } from '../../src/migrations/index.js';
import { chain } from '../../src/migrations/layouts/layout.js';

/*
 * Histories of random operations, each of which is possible where it stands. The generator keeps a schema of its own, which
 * knows nothing of how the program reads SQL: what it says in the end is what the program has to find.
 */

interface Column {
  type: string;
  notNull: boolean;
  isFree: boolean;
}

interface Table {
  readonly columns: Map<string, Column>;
  readonly indexes: Map<string, readonly string[]>;
  readonly constraints: Map<string, readonly string[]>;
  readonly references: Set<string>;
  hasRows: boolean;
}

/** What a history must come to, in the words of its generator. */
export interface ExpectedSchema {
  readonly tables: Readonly<Record<string, readonly (readonly [string, string, boolean])[]>>;
  readonly indexes: readonly string[];
  readonly enums: Readonly<Record<string, readonly string[]>>;
  /** What was created and later dropped by itself. */
  readonly dropped: {
    readonly tables: readonly string[];
    readonly columns: readonly string[];
    readonly indexes: readonly string[];
  };
}

export interface RandomHistory {
  readonly sql: readonly string[];
  readonly revisions: readonly Revision[];
  readonly expected: ExpectedSchema;
}

/** Draws from the numbers that fast-check chose, so that a history shrinks with them. */
class Draw {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  below(limit: number): number {
    return (this.#numbers[this.#at++ % this.#numbers.length] ?? 0) % limit;
  }

  of<T>(items: readonly T[]): T | undefined {
    return items.length === 0 ? undefined : items[this.below(items.length)];
  }
}

/** Widenings that need no data. */
const WIDER: Readonly<Record<string, string>> = {
  'varchar(20)': 'varchar(40)',
  'varchar(40)': 'text',
  int: 'bigint',
  smallint: 'int',
};
const TYPES = ['int', 'varchar(20)', 'text', 'boolean', 'timestamptz', 'jsonb', 'smallint'] as const;

class Generator {
  readonly statements: string[] = [];
  readonly #draw: Draw;
  readonly #tables = new Map<string, Table>();
  readonly #enums = new Map<string, string[]>();
  readonly #dropped = { tables: [] as string[], columns: [] as string[], indexes: [] as string[] };
  #serial = 0;

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  step(): void {
    const steps = [
      () => this.#createTable(),
      () => this.#addColumn(),
      () => this.#addColumn(),
      () => this.#dropColumn(),
      () => this.#renameColumn(),
      () => this.#widen(),
      () => this.#default(),
      () => this.#notNull(),
      () => this.#createIndex(),
      () => this.#dropIndex(),
      () => this.#addConstraint(),
      () => this.#dropConstraint(),
      () => this.#createEnum(),
      () => this.#addEnumValue(),
      () => this.#rows(),
      () => this.#dropTable(),
      () => this.#renameTable(),
      () => this.#comment(),
      () => this.#renameIndex(),
      () => this.#code(),
    ];
    steps[this.#draw.below(steps.length)]!();
  }

  expected(): ExpectedSchema {
    return {
      tables: Object.fromEntries(
        [...this.#tables].map(([name, { columns }]) => [
          name,
          [...columns].map(([column, { type, notNull }]) => [column, type, notNull] as const),
        ]),
      ),
      indexes: [...this.#tables.values()].flatMap(({ indexes }) => [...indexes.keys()]).toSorted(),
      enums: Object.fromEntries(this.#enums),
      dropped: this.#dropped,
    };
  }

  #name(prefix: string): string {
    return `${prefix}${this.#serial++}`;
  }

  #say(sql: string): void {
    this.statements.push(sql);
  }

  #table(): readonly [string, Table] | undefined {
    return this.#draw.of([...this.#tables]);
  }

  /** A column that nothing depends on. */
  #freeColumn(): readonly [string, Table, string, Column] | undefined {
    const table = this.#table();
    if (!table) return undefined;
    const column = this.#draw.of([...table[1].columns].filter(([, { isFree }]) => isFree));
    return column && [table[0], table[1], column[0], column[1]];
  }

  #createTable(): void {
    const name = this.#name('t');
    const columns = new Map<string, Column>();
    const isSerial = this.#draw.below(2) === 0;
    columns.set('id', { type: isSerial ? 'serial' : 'bigint', notNull: true, isFree: false });
    const lines = [`id ${isSerial ? 'serial' : 'bigint'} PRIMARY KEY`];
    for (let index = this.#draw.below(4); index > 0; index--) {
      const column = this.#name('c');
      const type = this.#draw.of(TYPES)!;
      const notNull = this.#draw.below(3) === 0;
      columns.set(column, { type, notNull, isFree: true });
      lines.push(`${column} ${type}${notNull ? ' NOT NULL' : ''}`);
    }
    this.#tables.set(name, {
      columns,
      indexes: new Map(),
      constraints: new Map(),
      references: new Set(),
      hasRows: false,
    });
    this.#say(`CREATE TABLE ${name} (${lines.join(', ')})`);
  }

  #addColumn(): void {
    const table = this.#table();
    if (!table) return this.#createTable();
    const [name, { columns, references, constraints }] = table;
    const column = this.#name('c');
    const other = this.#draw.below(4) === 0 ? this.#table() : undefined;
    if (other) {
      const type = other[1].columns.get('id')!.type === 'serial' ? 'int' : 'bigint';
      columns.set(column, { type, notNull: false, isFree: false });
      references.add(other[0]);
      constraints.set(`${name}_${column}_fkey`, [column]);
      return this.#say(`ALTER TABLE ${name} ADD COLUMN ${column} ${type} REFERENCES ${other[0]} (id)`);
    }
    if (this.#draw.below(4) === 0) {
      columns.set(column, { type: 'int', notNull: true, isFree: true });
      return this.#say(`ALTER TABLE ${name} ADD COLUMN ${column} int DEFAULT 1 NOT NULL`);
    }
    const type = this.#draw.of([...TYPES, ...this.#enums.keys()])!;
    columns.set(column, { type, notNull: false, isFree: true });
    return this.#say(`ALTER TABLE ${name} ADD COLUMN ${column} ${type}`);
  }

  #dropColumn(): void {
    const found = this.#freeColumn();
    if (!found) return;
    const [name, table, column] = found;
    table.columns.delete(column);
    for (const [index, keys] of table.indexes) if (keys.includes(column)) table.indexes.delete(index);
    for (const [constraint, keys] of table.constraints) if (keys.includes(column)) table.constraints.delete(constraint);
    this.#dropped.columns.push(`${name}.${column}`);
    this.#say(`ALTER TABLE ${name} DROP COLUMN ${column}`);
  }

  #renameColumn(): void {
    const found = this.#freeColumn();
    if (!found) return;
    const [name, table, column] = found;
    const to = this.#name('c');
    const entries = [...table.columns].map(([key, value]) => [key === column ? to : key, value] as const);
    table.columns.clear();
    for (const [key, value] of entries) table.columns.set(key, value);
    const renamed = (keys: readonly string[]): readonly string[] => keys.map((key) => (key === column ? to : key));
    for (const [index, keys] of table.indexes) table.indexes.set(index, renamed(keys));
    for (const [constraint, keys] of table.constraints) table.constraints.set(constraint, renamed(keys));
    this.#say(`ALTER TABLE ${name} RENAME COLUMN ${column} TO ${to}`);
  }

  #widen(): void {
    const found = this.#freeColumn();
    const to = found && WIDER[found[3].type];
    if (!found || !to) return;
    found[3].type = to;
    this.#say(`ALTER TABLE ${found[0]} ALTER COLUMN ${found[2]} TYPE ${to}`);
  }

  #default(): void {
    const found = this.#freeColumn();
    if (!found) return;
    const value =
      found[3].type.startsWith('varchar') || found[3].type === 'text'
        ? "'x'"
        : found[3].type === 'boolean'
          ? 'false'
          : 'NULL';
    const action = this.#draw.below(2) === 0 ? `SET DEFAULT ${value}` : 'DROP DEFAULT';
    this.#say(`ALTER TABLE ${found[0]} ALTER COLUMN ${found[2]} ${action}`);
  }

  #notNull(): void {
    const found = this.#freeColumn();
    if (!found || found[1].hasRows) return;
    found[3].notNull = !found[3].notNull;
    this.#say(`ALTER TABLE ${found[0]} ALTER COLUMN ${found[2]} ${found[3].notNull ? 'SET' : 'DROP'} NOT NULL`);
  }

  #createIndex(): void {
    const table = this.#table();
    if (!table) return;
    const columns = [...table[1].columns].filter(([, { type }]) => type !== 'jsonb').map(([column]) => column);
    const keys = [...new Set([this.#draw.of(columns)!, this.#draw.of(columns)!])];
    const name = this.#name('i');
    table[1].indexes.set(name, keys);
    this.#say(`CREATE INDEX ${name} ON ${table[0]} (${keys.join(', ')})`);
  }

  #dropIndex(): void {
    const found = this.#draw.of(
      [...this.#tables.entries()].flatMap(([name, { indexes }]) =>
        [...indexes.keys()].map((index) => [name, indexes, index] as const),
      ),
    );
    if (!found) return;
    found[1].delete(found[2]);
    this.#dropped.indexes.push(`${found[0]}.${found[2]}`);
    this.#say(`DROP INDEX ${found[2]}`);
  }

  #renameIndex(): void {
    const found = this.#draw.of(
      [...this.#tables.values()].flatMap(({ indexes }) => [...indexes].map((entry) => [indexes, ...entry] as const)),
    );
    if (!found) return;
    const [indexes, name, keys] = found;
    const to = this.#name('i');
    indexes.delete(name);
    indexes.set(to, keys);
    this.#say(`ALTER INDEX ${name} RENAME TO ${to}`);
  }

  #addConstraint(): void {
    const found = this.#freeColumn();
    if (!found || found[1].hasRows || found[3].type === 'jsonb') return;
    const [name, table, column] = found;
    const isUnique = this.#draw.below(2) === 0;
    const constraint = this.#draw.below(2) === 0 ? this.#name('k') : null;
    const chosen = constraint ?? `${name}_${column}_${isUnique ? 'key' : 'check'}`;
    if (table.constraints.has(chosen)) return;
    table.constraints.set(chosen, [column]);
    const body = isUnique ? `UNIQUE (${column})` : `CHECK (${column} IS NOT NULL)`;
    this.#say(`ALTER TABLE ${name} ADD ${constraint === null ? '' : `CONSTRAINT ${constraint} `}${body}`);
  }

  #dropConstraint(): void {
    const table = this.#table();
    const constraint = table && this.#draw.of([...table[1].constraints.keys()]);
    if (!table || !constraint) return;
    table[1].constraints.delete(constraint);
    this.#say(`ALTER TABLE ${table[0]} DROP CONSTRAINT ${constraint}`);
  }

  #createEnum(): void {
    const name = this.#name('e');
    this.#enums.set(name, ['a', 'b']);
    this.#say(`CREATE TYPE ${name} AS ENUM ('a', 'b')`);
  }

  #addEnumValue(): void {
    const found = this.#draw.of([...this.#enums]);
    if (!found) return;
    const value = this.#name('v');
    const at = this.#draw.below(2);
    found[1].splice(at === 0 ? found[1].length : 0, 0, value);
    this.#say(`ALTER TYPE ${found[0]} ADD VALUE '${value}'${at === 0 ? '' : ` BEFORE '${found[1][1]}'`}`);
  }

  /** Rows are a barrier of a squash; changes of no rows are none. */
  #rows(): void {
    const table = this.#table();
    if (!table) return;
    const [name, { columns }] = table;
    if (this.#draw.below(3) > 0) return this.#say(`UPDATE ${name} SET id = id`);
    const isPlain = [...columns.values()].every(({ notNull, isFree }) => !notNull || !isFree);
    const constrained = [...table[1].constraints.values()].length > 0;
    if (!isPlain || constrained || columns.get('id')!.type !== 'serial') return;
    table[1].hasRows = true;
    return this.#say(`INSERT INTO ${name} DEFAULT VALUES`);
  }

  #dropTable(): void {
    const table = this.#table();
    if (!table || [...this.#tables].some(([name, { references }]) => name !== table[0] && references.has(table[0])))
      return;
    this.#tables.delete(table[0]);
    this.#dropped.tables.push(table[0]);
    this.#say(`DROP TABLE ${table[0]}`);
  }

  #renameTable(): void {
    const table = this.#table();
    if (!table) return;
    const to = this.#name('t');
    const entries = [...this.#tables].map(([key, value]) => [key === table[0] ? to : key, value] as const);
    this.#tables.clear();
    for (const [key, value] of entries) {
      if (value.references.delete(table[0])) value.references.add(to);
      this.#tables.set(key, value);
    }
    this.#say(`ALTER TABLE ${table[0]} RENAME TO ${to}`);
  }

  #comment(): void {
    const found = this.#freeColumn();
    if (found) this.#say(`COMMENT ON COLUMN ${found[0]}.${found[2]} IS 'about ${found[2]}'`);
  }

  #code(): void {
    this.#say('DO $$ BEGIN PERFORM 1; END $$');
  }
}

/** A history of up to `most` statements, a few of them to a revision. */
export const randomHistory = (most: number): fc.Arbitrary<RandomHistory> =>
  fc
    .record({
      numbers: fc.array(fc.nat({ max: 1_000_000 }), { minLength: 40, maxLength: most * 4 }),
      steps: fc.integer({ min: 4, max: most }),
    })
    .map(({ numbers, steps }) => {
      const draw = new Draw(numbers);
      const generator = new Generator(draw);
      for (let step = 0; step < steps; step++) generator.step();
      const { statements } = generator;
      const revisions: string[] = [];
      for (let at = 0; at < statements.length;) {
        const size = 1 + draw.below(3);
        revisions.push(`${statements.slice(at, at + size).join(';\n')};`);
        at += size;
      }
      return {
        sql: revisions,
        revisions: chain(
          revisions.map((text, index) => ({
            version: String(index + 1),
            title: null,
            up: { file: `${index + 1}.sql`, text, inTransaction: false },
            down: null,
          })),
        ),
        expected: generator.expected(),
      };
    });
