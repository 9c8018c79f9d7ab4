import fc from 'fast-check';
import { textLegs } from '../../src/workloads/hybrid/text-legs/registry.js';
import { z } from 'zod';

/*
 * Anything that a schema allows, as it may come: shares lie from 0 to 1, an interval contains its estimate, a part is no more
 * than its whole. A new member of a schema is generated without another line here.
 */

type Json = { readonly [key: string]: unknown };

/** Values of a schema, with the relations between their members that every record keeps. */
export function valuesOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const whole = z.toJSONSchema(schema, { unrepresentable: 'any' }) as Json;
  return arbitraryOf(whole, '', (whole['$defs'] as Readonly<Record<string, Json>> | undefined) ?? {});
}

function arbitraryOf(schema: Json, name: string, defs: Readonly<Record<string, Json>>): fc.Arbitrary<unknown> {
  const own = (inner: unknown, as = name): fc.Arbitrary<unknown> => arbitraryOf(inner as Json, as, defs);
  if (typeof schema['$ref'] === 'string') return own(defs[schema['$ref'].replace('#/$defs/', '')]);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(options)) return fc.oneof(...options.map((option) => own(option)));
  const type = schema['type'];
  if (Array.isArray(type)) return fc.oneof(...type.map((one) => own({ ...schema, type: one })));
  switch (type) {
    case 'object':
      return objectsOf(schema, own);
    case 'array':
      return fc.array(own(schema['items']), { minLength: Math.max(1, Number(schema['minItems'] ?? 1)), maxLength: 4 });
    case 'integer':
      return integers(schema);
    case 'number':
      return numbers(schema, name);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return name === 'method' ? METHODS : NAMES;
  }
}

/** Of indexes; what else is a method is of text. */
const METHODS = fc.constantFrom('hnsw', 'ivfflat');

/** What names of tables, settings and versions look like. */
const NAMES = fc.constantFrom('items', 'ef_search', 'tenant', '0.8.0', 'wide table', "it's");

function objectsOf(
  { properties = {}, required = [], additionalProperties: others }: Json,
  own: (inner: unknown, as?: string) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const members = Object.entries(properties as Json).map(([key, value]) => [key, own(value, key)] as const);
  if (members.length === 0 && others) return fc.dictionary(NAMES, own(others), { minKeys: 1, maxKeys: 3 });
  const model = Object.fromEntries(members);
  return fc.record(model, { requiredKeys: required as string[] }).map((value) => related(value));
}

function integers({ minimum = 0, maximum = 2 ** 53 }: Json): fc.Arbitrary<number> {
  // JSON Schema says of every integer that it is a safe one.
  const [least, most] = [Math.max(0, Number(minimum)), Math.min(1e12, Number(maximum))];
  return fc.oneof(
    fc.integer({ min: least, max: Math.min(least + 3, most) }),
    fc.integer({ min: least, max: Math.min(1e6, most) }),
  );
}

const SHARE = /share|recall|completeness|selectivity|wanted|saved|^low$|Sd$/i;

function numbers({ minimum, maximum }: Json, name: string): fc.Arbitrary<number> {
  const most = maximum ?? (SHARE.test(name) ? 1 : 1e7);
  const least = Number(minimum ?? 0);
  const width = Number(most) - least;
  const steps = fc.oneof(fc.integer({ min: 0, max: 1e7 }), fc.integer({ min: 0, max: 9 }), fc.constant(1e7));
  return fc
    .oneof(
      steps.map((step) => least + (width * step) / 1e7),
      // What rounds to the next digit or unit.
      fc.constantFrom(0, 0.95, 0.99996, 1, 1.00004, 20, 999.96).map((value) => Math.min(value, least + width)),
    )
    .map((value) => (/Ratio$|^timesSlower$/.test(name) ? 1.06 + value : value));
}

/** Smaller first. */
const ORDERED = [
  ['queries', 'of'],
  ['mismatches', 'sampled'],
  ['failed', 'asked'],
  ['probes', 'lists'],
  ['even', 'read'],
  ['inBase', 'queries'],
  ['dropped', 'due'],
  ['low', 'recall'],
  ['most', 'k'],
  ['mean', 'k'],
  ['none', 'of'],
  ['full', 'of'],
  ['allowed', 'asked'],
  ['given', 'bytes'],
  ['bound', 'bytes'],
  ['bound', 'seconds'],
  ['low', 'wanted'],
  ['recall', 'wanted'],
  ['queries', 'needs'],
  ['most', 'rows'],
  ['cost', 'indexCost'],
] as const;

type Numbers = Readonly<Record<string, number | null>>;

/** Of which two figures of a finding the first is the smaller. */
const OF_CODE: Readonly<Record<string, readonly [string, string]>> = {
  'client-floor': ['floorMs', 'medianMs'],
  'floor-above-median': ['medianMs', 'floorMs'],
  'server-above-client': ['medianMs', 'serverMs'],
};

function related(value: object): object {
  const fact = value as { readonly code?: string; readonly data?: Numbers };
  if (fact.code === 'canary-moved' && Object.values(fact.data ?? {}).every((moved) => moved === null)) {
    return { ...fact, data: { ...fact.data, cpu: { beforeMs: 1, afterMs: 2 } } };
  }
  if (fact.code === 'ordered-text-index') return { ...fact, data: { method: textLegs[0]?.name } };
  const pair = OF_CODE[fact.code ?? ''];
  if (pair && fact.data) return { ...fact, data: { ...fact.data, ...inOrder(fact.data, ...pair) } };
  const of = value as Numbers & { readonly verdict?: string };
  if ('ratio' in of && 'verdict' in of && 'low' in of) return comparison(of);
  if ('value' in of && 'low' in of && 'high' in of) return estimate(of);
  let ordered: Numbers = of;
  for (const [less, more] of ORDERED) {
    ordered = { ...ordered, ...inOrder(ordered, less, more) };
  }
  return ordered;
}

const WHOLES: ReadonlySet<string> = new Set(['of', 'sampled', 'asked', 'queries', 'due', 'k', 'lists']);

/** Of what is counted, those that are more than what they are compared with. */
const MORE: ReadonlySet<string> = new Set(['needs', 'rows']);

/** A part is at least one, and of what is measured no two figures are the same. */
function inOrder(of: Numbers, less: string, more: string): Numbers {
  const [a, b] = [of[less], of[more]];
  if (typeof a !== 'number' || typeof b !== 'number') return {};
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  if (MORE.has(more)) return { [less]: Math.max(1, low), [more]: Math.max(1, low) + Math.max(1, high - low) };
  if (WHOLES.has(more)) return { [less]: Math.max(less === 'dropped' ? 0 : 1, low), [more]: Math.max(1, high) };
  return { [less]: low === high ? low * 0.999_99 : low, [more]: high || 1 };
}

function estimate({ value, low, high, ...others }: Numbers): object {
  const [a = 0, b = 0, c = 0] = [value ?? 0, low ?? value ?? 0, high ?? value ?? 0].toSorted((x, y) => x - y);
  return { ...others, value: b, low: low === null ? null : a, high: high === null ? null : c };
}

/** A ratio with its interval on the side of 1 that the verdict says. */
function comparison(of: Numbers & { readonly verdict?: string }): object {
  const parts = [of['ratio'] ?? 0.5, of['low'] ?? 0, of['high'] ?? 0].map((part) => (Math.abs(part) % 1) * 0.98 + 0.01);
  const [a = 0, b = 0, c = 0] = parts.toSorted((x, y) => x - y);
  const margin = 0.05;
  const sided =
    of.verdict === 'more'
      ? [1 + a, 1 + b, 1 + c]
      : of.verdict === 'less'
        ? [a, b, c]
        : of.verdict === 'equivalent'
          ? [1 - margin * a, 1, 1 + margin * c]
          : [1 - a, 1, 1 + c];
  return {
    ...of,
    margin,
    low: sided[0],
    ratio: of['ratio'] === null ? null : sided[1],
    high: of['high'] === null && of.verdict !== 'less' && of.verdict !== 'equivalent' ? null : sided[2],
  };
}
