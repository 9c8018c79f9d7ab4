/*
 * What is known of a value without running the program. A call is kept as what it is, a call with arguments:
 * `sa.String(20)` is a description of a type, not the type.
 */
export type Value =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'dict'; readonly entries: readonly (readonly [Value, Value])[] }
  /** Something imported or built in, by its full path: `sqlalchemy.String`. */
  | { readonly kind: 'name'; readonly path: string }
  | {
      readonly kind: 'call';
      readonly callee: Value;
      readonly args: readonly Value[];
      readonly named: ReadonlyMap<string, Value>;
      readonly line: number;
      /** Nothing is done with what it returns. */ readonly isStatement: boolean;
    }
  | { readonly kind: 'attribute'; readonly of: Value; readonly name: string }
  | { readonly kind: 'function'; readonly definition: object }
  /** A text of which only parts are known; `parts` has null for the others. */
  | { readonly kind: 'text'; readonly parts: readonly (string | null)[] }
  /** Not known without running the program. */
  | { readonly kind: 'unknown' };

export const UNKNOWN: Value = { kind: 'unknown' };
export const NONE: Value = { kind: 'constant', value: null };
export const constant = (value: string | number | boolean | null): Value => ({ kind: 'constant', value });
export const listOf = (items: readonly Value[]): Value => ({ kind: 'list', items });

/** The text of a constant string; undefined for anything else. */
export const textOf = (value: Value | undefined): string | undefined =>
  value?.kind === 'constant' && typeof value.value === 'string' ? value.value : undefined;

/** Python's truth of a value; undefined where it is not known. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'constant':
      return Boolean(value.value);
    case 'list':
      return value.items.length > 0;
    case 'dict':
      return value.entries.length > 0;
    case 'function':
      return true;
    case 'attribute':
    case 'call':
    case 'name':
    case 'text':
    case 'unknown':
      return undefined;
  }
}

/** The dotted path of what is called: `alembic.op.add_column`, or `.execute` for a method of a value. */
export function pathOf(value: Value): string {
  if (value.kind === 'name') return value.path;
  if (value.kind === 'attribute') return `.${value.name}`;
  return '';
}

/** Whether two values are certainly equal or certainly not; undefined where that is not known. */
export function equalValues(a: Value, b: Value): boolean | undefined {
  if (a.kind === 'constant' && b.kind === 'constant') return a.value === b.value;
  if (a.kind === 'list' && b.kind === 'list') {
    if (a.items.length !== b.items.length) return false;
    const pairs = a.items.map((item, index) => equalValues(item, b.items[index]!));
    return pairs.includes(false) ? false : pairs.includes(undefined) ? undefined : true;
  }
  return undefined;
}
