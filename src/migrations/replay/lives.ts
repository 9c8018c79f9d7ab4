import type { ConstraintDefinition, Effect, IndexDefinition } from '../effects.js';
import type { Sight } from '../sight.js';
import type { Schema } from './schema.js';

/** A thing of the schema from its creation to its end. */
export interface Life {
  readonly kind: 'table' | 'column' | 'index' | 'constraint' | 'enum';
  /** Null for an enumeration. */
  table: string | null;
  /** As it is called last. */
  name: string;
  readonly created: Sight;
  dropped: Sight | null;
  /** It went with its table or column, not by itself. */
  wentAlong: boolean;
  /** Earlier names, oldest first. */
  readonly names: string[];
  /** Each change of the type of a column, its first one included. */
  readonly types: { readonly type: string; readonly at: Sight }[];
  readonly index: IndexDefinition | null;
  readonly constraint: ConstraintDefinition | null;
}

/** Follows everything that a history creates. */
export class Lives {
  readonly all: Life[] = [];
  readonly #alive = new Map<string, Life>();

  /** Takes note of an effect that is about to be applied to the schema. */
  note(effect: Effect, at: Sight, schema: Schema): void {
    // Nothing else begins or ends.
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check
    switch (effect.kind) {
      case 'create-table':
        this.#begin('table', null, effect.table, at, {});
        for (const { name, type } of effect.columns) this.#begin('column', effect.table, name, at, { type });
        for (const constraint of effect.constraints)
          this.#begin('constraint', effect.table, constraint.name, at, { constraint });
        break;
      case 'drop-table':
        this.#end('table', null, effect.table, at);
        this.#endAll((life) => life.table === effect.table, at);
        break;
      case 'rename-table':
        this.#renameTable(effect.table, effect.to);
        break;
      case 'add-column':
        this.#begin('column', effect.table, effect.column.name, at, { type: effect.column.type });
        break;
      case 'drop-column':
        this.#end('column', effect.table, effect.column, at);
        this.#endAll(
          (life) =>
            life.table === effect.table &&
            (life.constraint?.columns.includes(effect.column) === true || usesColumn(life, effect.column)),
          at,
        );
        break;
      case 'rename-column':
        this.#rename('column', effect.table, effect.column, effect.to);
        break;
      case 'set-type':
        this.#alive.get(keyOf('column', effect.table, effect.column))?.types.push({ type: effect.type, at });
        break;
      case 'add-constraint':
        this.#begin('constraint', effect.table, effect.constraint.name, at, { constraint: effect.constraint });
        break;
      case 'drop-constraint':
        this.#end('constraint', effect.table, effect.name, at);
        break;
      case 'rename-constraint':
        this.#rename('constraint', effect.table, effect.name, effect.to);
        break;
      case 'create-index':
        this.#begin('index', effect.index.table, effect.index.name, at, { index: effect.index });
        break;
      case 'drop-index': {
        const found = schema.findIndex(effect.name);
        if (found) this.#end('index', found.table.name, effect.name, at);
        break;
      }
      case 'rename-index': {
        const found = schema.findIndex(effect.name);
        if (found) this.#rename('index', found.table.name, effect.name, effect.to);
        break;
      }
      case 'create-enum':
        this.#begin('enum', null, effect.type, at, {});
        break;
      case 'drop-type':
        this.#end('enum', null, effect.type, at);
        break;
      case 'rename-type':
        this.#rename('enum', null, effect.type, effect.to);
        break;
      default:
        break;
    }
  }

  #begin(
    kind: Life['kind'],
    table: string | null,
    name: string,
    created: Sight,
    { type, index, constraint }: { type?: string; index?: IndexDefinition; constraint?: ConstraintDefinition },
  ): void {
    const life: Life = {
      kind,
      table,
      name,
      created,
      dropped: null,
      wentAlong: false,
      names: [],
      types: type === undefined ? [] : [{ type, at: created }],
      index: index ?? null,
      constraint: constraint ?? null,
    };
    this.all.push(life);
    this.#alive.set(keyOf(kind, table, name), life);
  }

  #end(kind: Life['kind'], table: string | null, name: string, at: Sight): void {
    const key = keyOf(kind, table, name);
    const life = this.#alive.get(key);
    if (!life) return;
    life.dropped = at;
    this.#alive.delete(key);
  }

  #endAll(which: (life: Life) => boolean, at: Sight): void {
    for (const [key, life] of this.#alive) {
      if (!which(life)) continue;
      life.dropped = at;
      life.wentAlong = true;
      this.#alive.delete(key);
    }
  }

  #rename(kind: Life['kind'], table: string | null, from: string, to: string): void {
    const life = this.#alive.get(keyOf(kind, table, from));
    if (!life) return;
    this.#alive.delete(keyOf(kind, table, from));
    life.names.push(life.name);
    life.name = to;
    this.#alive.set(keyOf(kind, table, to), life);
  }

  #renameTable(from: string, to: string): void {
    this.#rename('table', null, from, to);
    const own = [...this.#alive.values()].filter(({ table }) => table === from);
    for (const life of own) {
      this.#alive.delete(keyOf(life.kind, from, life.name));
      life.table = to;
      this.#alive.set(keyOf(life.kind, to, life.name), life);
    }
  }
}

const keyOf = (kind: Life['kind'], table: string | null, name: string): string =>
  kind === 'index' ? `index ${name}` : `${kind} ${table ?? ''} ${name}`;

const usesColumn = ({ index }: Life, column: string): boolean =>
  index !== null && (index.keys.some(({ sql }) => sql === column) || index.include.includes(column));
