import type { Node, RangeVar } from 'libpg-query';
import type { ConstraintDefinition, Effect } from '../effects.js';
import { bareName, nameOf, schemaOf, strings, tableName, withSchema } from '../sql/names.js';

/** What a statement needs and changes, as keys: `table users`, `column users.email`, `type mood`, `relation users_email_idx` … */
export interface Touched {
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
  /** Tables that it depends on as a whole: any change of them may matter. */
  readonly whole: ReadonlySet<string>;
  /** Tables that it changes in any way, or depends on. */
  readonly tables: ReadonlySet<string>;
  /** Words of code, any of which may be a name. */
  readonly words: ReadonlySet<string>;
  /** It may depend on anything. */
  readonly all: boolean;
}

const EVERYTHING: Touched = {
  reads: new Set(),
  writes: new Set(),
  whole: new Set(),
  tables: new Set(),
  words: new Set(),
  all: true,
};

export function touchedBy(node: Node, effects: readonly Effect[]): Touched {
  const keys = new Keys();
  for (const effect of effects) if (!keys.add(effect, node)) return EVERYTHING;
  keys.expressions(node);
  return keys.all ? EVERYTHING : keys;
}

class Keys implements Touched {
  readonly reads = new Set<string>();
  readonly writes = new Set<string>();
  readonly whole = new Set<string>();
  readonly tables = new Set<string>();
  readonly words = new Set<string>();
  all = false;

  /** @returns false for an effect that may depend on anything */
  add(effect: Effect, node: Node): boolean {
    // All others stay where they are.
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check
    switch (effect.kind) {
      case 'create-table': {
        if (effect.filled) return false;
        this.#write(
          `table ${effect.table}`,
          `relation ${effect.table}`,
          `order ${effect.table}`,
          `unique ${effect.table}`,
        );
        this.#schema(effect.table);
        this.tables.add(effect.table);
        for (const from of effect.from) this.#whole(from);
        for (const column of effect.columns)
          this.#write(`column ${effect.table}.${column.name}`, `type of ${effect.table}.${column.name}`);
        for (const constraint of effect.constraints) this.#constraint(effect.table, constraint);
        return true;
      }
      case 'drop-table':
        if (effect.cascade) return false;
        this.#write(`table ${effect.table}`, `relation ${effect.table}`, `unique ${effect.table}`);
        this.#whole(effect.table);
        return true;
      case 'rename-table':
        this.#write(`table ${effect.table}`, `table ${effect.to}`, `relation ${effect.table}`, `relation ${effect.to}`);
        this.#whole(effect.table);
        this.#whole(effect.to);
        return true;
      case 'add-column':
        this.#on(effect.table);
        this.#write(
          `column ${effect.table}.${effect.column.name}`,
          `type of ${effect.table}.${effect.column.name}`,
          `order ${effect.table}`,
        );
        return true;
      case 'drop-column':
        if (effect.cascade) return false;
        this.#on(effect.table);
        this.#write(`column ${effect.table}.${effect.column}`, `unique ${effect.table}`);
        return true;
      case 'rename-column':
        this.#on(effect.table);
        this.#write(`column ${effect.table}.${effect.column}`, `column ${effect.table}.${effect.to}`);
        return true;
      case 'set-type':
        this.#column(effect.table, effect.column);
        this.#write(`type of ${effect.table}.${effect.column}`, `default of ${effect.table}.${effect.column}`);
        return true;
      case 'set-default':
        this.#column(effect.table, effect.column);
        this.#write(`default of ${effect.table}.${effect.column}`);
        return true;
      case 'set-not-null':
        this.#column(effect.table, effect.column);
        this.#write(`null of ${effect.table}.${effect.column}`);
        return true;
      case 'add-constraint':
        this.#on(effect.table);
        this.#constraint(effect.table, effect.constraint);
        return true;
      case 'drop-constraint':
      case 'rename-constraint':
      case 'validate-constraint':
        if (effect.kind === 'drop-constraint' && effect.cascade) return false;
        this.#on(effect.table);
        this.#write(
          `constraint ${effect.table}.${effect.name}`,
          `relation ${withSchema(schemaOf(effect.table), effect.name)}`,
        );
        if (effect.kind === 'rename-constraint') {
          this.#write(
            `constraint ${effect.table}.${effect.to}`,
            `relation ${withSchema(schemaOf(effect.table), effect.to)}`,
          );
        }
        if (effect.kind === 'drop-constraint') this.#write(`unique ${effect.table}`);
        return true;
      case 'table-option':
        if (effect.option.includes('partition') || effect.option.includes('inherit')) return false;
        this.#on(effect.table);
        this.#write(`option ${effect.table} ${effect.option}`);
        this.#whole(effect.table);
        return true;
      case 'create-index': {
        const { index } = effect;
        this.#on(index.table);
        this.#write(`relation ${index.name}`);
        if (index.unique) this.#write(`unique ${index.table}`);
        for (const key of index.keys) {
          if (key.isExpression) this.#whole(index.table);
          else this.#column(index.table, key.sql);
          if (key.operatorClass !== null) this.reads.add(`type of ${index.table}.${key.sql}`);
        }
        for (const name of index.include) this.#column(index.table, name);
        if (index.where !== null) this.#whole(index.table);
        return true;
      }
      case 'drop-index':
        this.#write(`relation ${effect.name}`);
        return true;
      case 'rename-index':
        this.#write(`relation ${effect.name}`, `relation ${effect.to}`);
        return true;
      case 'create-enum':
      case 'drop-type':
        this.#write(`type ${effect.type}`, `values ${effect.type}`);
        this.#schema(effect.type);
        return true;
      case 'add-enum-value':
        this.reads.add(`type ${effect.type}`);
        this.#write(`values ${effect.type}`);
        return true;
      case 'rename-enum-value':
        this.reads.add(`type ${effect.type}`);
        this.#write(`values ${effect.type}`, `text ${effect.value}`, `text ${effect.to}`);
        return true;
      case 'rename-type':
        this.#write(`type ${effect.type}`, `type ${effect.to}`);
        return true;
      case 'create-object':
      case 'drop-object':
        return this.#object(effect, node);
      case 'comment':
        return this.#comment(node);
      case 'data':
        // Rows depend on the whole of the tables that the statement names, and fire their triggers.
        this.#relations(node);
        return true;
      case 'code':
        return this.#code(node);
      default:
        return false;
    }
  }

  /** Functions that are called and types that are named anywhere in the statement. */
  expressions(node: unknown): void {
    if (Array.isArray(node)) for (const item of node) this.expressions(item);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'FuncCall') {
        const name = nameOf((value as { funcname?: Node[] }).funcname);
        this.reads.add(`function ${name}`);
        if (SEQUENCES.has(bareName(name))) this.all = true;
      }
      if (key === 'sval' && typeof value === 'object' && value !== null)
        this.reads.add(`text ${(value as { sval?: string }).sval ?? ''}`);
      if (key === 'TypeName' || key === 'typeName')
        this.reads.add(`type ${nameOf((value as { names?: Node[] }).names)}`);
      this.expressions(value);
    }
  }

  #write(...keys: readonly string[]): void {
    for (const key of keys) this.writes.add(key);
  }

  #schema(name: string): void {
    const schema = schemaOf(name);
    if (schema !== null) this.reads.add(`schema ${schema}`);
  }

  #on(table: string): void {
    this.reads.add(`table ${table}`);
    this.tables.add(table);
  }

  #column(table: string, column: string): void {
    this.#on(table);
    this.reads.add(`column ${table}.${column}`);
  }

  #whole(table: string): void {
    this.#on(table);
    this.whole.add(table);
  }

  #constraint(table: string, { name, kind, columns, references, usingIndex }: ConstraintDefinition): void {
    this.#write(`constraint ${table}.${name}`);
    if (usingIndex !== null) this.#write(`relation ${withSchema(schemaOf(table), usingIndex)}`);
    if (kind === 'primary-key' || kind === 'unique' || kind === 'exclude') {
      this.#write(`unique ${table}`, `relation ${withSchema(schemaOf(table), name)}`);
    }
    for (const column of columns) {
      this.reads.add(`column ${table}.${column}`);
      if (kind === 'primary-key') this.#write(`null of ${table}.${column}`);
      if (kind === 'check' || kind === 'exclude') this.reads.add(`type of ${table}.${column}`);
    }
    if (!references) return;
    this.#on(references.table);
    this.reads.add(`unique ${references.table}`);
    for (const column of references.columns) this.reads.add(`column ${references.table}.${column}`);
  }

  #object(effect: Extract<Effect, { kind: 'create-object' | 'drop-object' }>, node: Node): boolean {
    switch (effect.class) {
      case 'schema':
        this.#write(`schema ${effect.name}`);
        return true;
      case 'type':
      case 'domain':
        this.#write(`type ${effect.name}`);
        return true;
      case 'function':
        this.#write(`function ${effect.name}`);
        return 'CreateFunctionStmt' in node && isPlpgsql(node.CreateFunctionStmt.options ?? []);
      case 'trigger':
      case 'policy': {
        const table = effect.name.slice(effect.name.indexOf(' on ') + 4);
        this.#write(`${effect.class} ${effect.name}`);
        this.#whole(table);
        if ('CreateTrigStmt' in node) this.reads.add(`function ${nameOf(node.CreateTrigStmt.funcname)}`);
        this.#relations(node);
        return true;
      }
      case 'view':
      case 'materialized-view':
        this.#write(`table ${effect.name}`, `relation ${effect.name}`);
        this.#whole(effect.name);
        this.#relations(node);
        return true;
      case 'other':
      case 'publication':
      case 'role':
      case 'rule':
      case 'sequence':
      case 'statistics':
        return false;
    }
  }

  /** Tables that a query reads. */
  #relations(node: unknown): void {
    if (Array.isArray(node)) for (const item of node) this.#relations(item);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    if ('relname' in node) this.#whole(tableName(node as RangeVar));
    for (const value of Object.values(node)) this.#relations(value);
  }

  /** A block of code depends on what its text mentions; one that puts statements together may do anything. */
  #code(node: Node): boolean {
    if (!('DoStmt' in node)) return false;
    const text = JSON.stringify(node.DoStmt.args ?? []).toLowerCase();
    if (/\bexecute\b/.test(text)) return false;
    for (const [word] of text.matchAll(/[a-z_][\w$]*/g)) this.words.add(word);
    return true;
  }

  #comment(node: Node): boolean {
    if (!('CommentStmt' in node)) return false;
    const { objtype, object } = node.CommentStmt;
    const parts = object && 'List' in object ? strings(object.List.items) : [];
    const table = (names: readonly string[]): string => withSchema(names.at(-2) ?? null, names.at(-1) ?? '');
    if (objtype === 'OBJECT_TABLE') {
      this.#on(table(parts));
      this.#write(`comment ${table(parts)}`);
      return true;
    }
    if (objtype !== 'OBJECT_COLUMN') return false;
    const on = table(parts.slice(0, -1));
    this.#column(on, parts.at(-1) ?? '');
    this.#write(`comment ${on}.${parts.at(-1) ?? ''}`);
    return true;
  }
}

/** Their argument is the name of a sequence, which is not followed. */
const SEQUENCES = new Set(['nextval', 'setval', 'currval']);

const isPlpgsql = (options: readonly Node[]): boolean =>
  options.some(
    (node) =>
      'DefElem' in node &&
      node.DefElem.defname === 'language' &&
      node.DefElem.arg !== undefined &&
      'String' in node.DefElem.arg &&
      node.DefElem.arg.String.sval?.toLowerCase() === 'plpgsql',
  );
