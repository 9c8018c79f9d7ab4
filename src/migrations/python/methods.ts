import { constant, equalValues, listOf, textOf, UNKNOWN, type Value } from './values.js';

type Arguments = { readonly args: readonly Value[]; readonly named: ReadonlyMap<string, Value> };

/** Methods of strings and dictionaries whose outcome is known; undefined for all others. */
export function callMethod(receiver: Value, name: string, call: Arguments): Value | undefined {
  if (receiver.kind === 'constant' && typeof receiver.value === 'string')
    return stringMethod(receiver.value, name, call);
  if (receiver.kind === 'text' && ['strip', 'format', 'rstrip', 'lstrip'].includes(name)) return receiver;
  if (receiver.kind === 'dict') {
    const { entries } = receiver;
    if (name === 'items') return listOf(entries.map((pair) => listOf(pair)));
    if (name === 'keys') return listOf(entries.map(([key]) => key));
    if (name === 'values') return listOf(entries.map(([, value]) => value));
    if (name === 'get') return lookUp(receiver, call.args[0] ?? UNKNOWN) ?? call.args[1] ?? constant(null);
  }
  return undefined;
}

function stringMethod(text: string, name: string, { args, named }: Arguments): Value | undefined {
  const [first, second] = args.map(textOf);
  switch (name) {
    case 'strip':
      return args.length === 0 ? constant(text.trim()) : UNKNOWN;
    case 'lower':
      return constant(text.toLowerCase());
    case 'upper':
      return constant(text.toUpperCase());
    case 'replace':
      return first === undefined || second === undefined ? UNKNOWN : constant(text.replaceAll(first, second));
    case 'startswith':
      return first === undefined ? UNKNOWN : constant(text.startsWith(first));
    case 'endswith':
      return first === undefined ? UNKNOWN : constant(text.endsWith(first));
    case 'split':
      return first === undefined ? UNKNOWN : listOf(text.split(first).map(constant));
    case 'join': {
      const [list] = args;
      return list?.kind === 'list'
        ? joined(list.items.flatMap((item, index) => (index > 0 ? [constant(text), item] : [item])))
        : UNKNOWN;
    }
    case 'format':
      return formatted(text, args, named);
    default:
      return undefined;
  }
}

/** `str.format`: `{}`, `{0}` and `{name}`, without format specifications. */
function formatted(text: string, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
  let next = 0;
  const parts: Value[] = [];
  let at = 0;
  for (const match of text.matchAll(/\{\{|\}\}|\{(\w*)[^{}]*\}/g)) {
    parts.push(constant(text.slice(at, match.index)));
    at = match.index + match[0].length;
    const [whole, field] = match;
    if (whole === '{{' || whole === '}}') parts.push(constant(whole[0]!));
    else if (field === '' || field === undefined) parts.push(args[next++] ?? UNKNOWN);
    else parts.push((/^\d+$/.test(field) ? args[Number(field)] : named.get(field)) ?? UNKNOWN);
  }
  return joined([...parts, constant(text.slice(at))]);
}

/** `text % values`: `%s` and `%d`. */
export function percentFormatted(text: string, value: Value): Value {
  const values = value.kind === 'list' ? value.items : [value];
  let next = 0;
  const parts: Value[] = [];
  let at = 0;
  for (const match of text.matchAll(/%%|%(?:\((\w+)\))?[sdr]/g)) {
    parts.push(constant(text.slice(at, match.index)));
    at = match.index + match[0].length;
    if (match[0] === '%%') parts.push(constant('%'));
    else if (match[1] !== undefined)
      parts.push((value.kind === 'dict' ? lookUp(value, constant(match[1])) : undefined) ?? UNKNOWN);
    else parts.push(values[next++] ?? UNKNOWN);
  }
  return joined([...parts, constant(text.slice(at))]);
}

/** Values as one text; a text of known and unknown parts where some are not known. */
export function joined(values: readonly Value[]): Value {
  const parts = values.flatMap((value): (string | null)[] => {
    if (value.kind === 'constant') return [asText(value.value)];
    return value.kind === 'text' ? [...value.parts] : [null];
  });
  return parts.includes(null) ? { kind: 'text', parts } : constant(parts.join(''));
}

const asText = (value: string | number | boolean | null): string =>
  value === null ? 'None' : typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);

/** `json.dumps(value)`; not known where a part of the value is not. */
export function jsonText(value: Value): Value {
  if (value.kind === 'constant') return constant(JSON.stringify(value.value));
  if (value.kind === 'list') return enclosed('[', ']', value.items.map(jsonText));
  if (value.kind !== 'dict') return UNKNOWN;
  const entries = value.entries.map(([key, own]) => joined([jsonText(key), constant(': '), jsonText(own)]));
  return enclosed('{', '}', entries);
}

const enclosed = (open: string, close: string, parts: readonly Value[]): Value =>
  joined([
    constant(open),
    ...parts.flatMap((part, index) => (index === 0 ? [part] : [constant(', '), part])),
    constant(close),
  ]);

export function lookUp(dict: Value, key: Value): Value | undefined {
  if (dict.kind !== 'dict') return undefined;
  return dict.entries.find(([own]) => equalValues(own, key) === true)?.[1];
}

/** Built-in functions whose outcome is known. */
export function callBuiltin(name: string, args: readonly Value[]): Value | undefined {
  const [first] = args;
  const items =
    first?.kind === 'list' ? first.items : first?.kind === 'dict' ? first.entries.map(([key]) => key) : undefined;
  switch (name) {
    case 'str':
      return first ? joined([first]) : constant('');
    case 'list':
    case 'tuple':
    case 'set':
    case 'sorted':
    case 'reversed':
    case 'frozenset':
      return items ? listOf(name === 'reversed' ? items.toReversed() : items) : first ? UNKNOWN : listOf([]);
    case 'dict':
      return first ? UNKNOWN : { kind: 'dict', entries: [] };
    case 'len':
      return items ? constant(items.length) : UNKNOWN;
    case 'enumerate':
      return items ? listOf(items.map((item, index) => listOf([constant(index), item]))) : UNKNOWN;
    case 'zip': {
      const lists = args.map((arg) => (arg.kind === 'list' ? arg.items : null));
      if (lists.some((list) => list === null)) return UNKNOWN;
      const length = Math.min(...lists.map((list) => list!.length));
      return listOf(Array.from({ length }, (_, index) => listOf(lists.map((list) => list![index]!))));
    }
    case 'range': {
      const bounds = args.map((arg) =>
        arg.kind === 'constant' && typeof arg.value === 'number' ? arg.value : Number.NaN,
      );
      if (bounds.some(Number.isNaN) || bounds.length > 2) return UNKNOWN;
      const [from, to] = bounds.length === 1 ? [0, bounds[0]!] : [bounds[0]!, bounds[1]!];
      return to - from > MAX_RANGE
        ? UNKNOWN
        : listOf(Array.from({ length: Math.max(0, to - from) }, (_, index) => constant(from + index)));
    }
    default:
      return undefined;
  }
}

/** Longer loops over numbers are not unrolled. */
const MAX_RANGE = 1000;
