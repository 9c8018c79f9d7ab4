import fc from 'fast-check';
import type { Filter } from '../../../src/filter.js';
import type { Attributes, Column } from '../../../src/workloads/index.js';

/** An enum whose order is not that of its labels. */
export const STATES = ['new', "it's", 'done'];

/** One column of each type. */
export const COLUMNS: readonly Column[] = [
  { name: 'n', type: 'number' },
  { name: 't', type: 'text' },
  { name: 'yes', type: 'boolean' },
  { name: 'created at', type: 'date' },
  { name: 'tags', type: 'text[]' },
  { name: 'meta"data', type: 'json' },
  { name: 'small', type: 'number', sqlType: 'smallint' },
  { name: 'whole', type: 'number', sqlType: 'integer' },
  { name: 'large', type: 'number', sqlType: 'bigint' },
  { name: 'price', type: 'number', sqlType: 'numeric' },
  { name: 'score', type: 'number', sqlType: 'real' },
  { name: 'uid', type: 'text', sqlType: 'uuid' },
  { name: 'day', type: 'date', sqlType: 'date' },
  { name: 'local', type: 'date', sqlType: 'timestamp' },
  { name: 'state', type: 'text', sqlType: { enum: 'State', labels: STATES } },
  { name: 'facts', type: 'json' },
];

/** Paths to texts that can be cast. */
const YEAR = "(facts->>'year')::int";
const WEIGHT = "(facts->>'weight')::numeric";
const RATE = "(facts->>'rate')::float4";
const OPEN = "(facts->>'open')::boolean";

const TEXT_PATHS = [`"meta""data"->>'a'`, `"meta""data"->'a'->>'b'`, `"meta""data" -> 'source' ->> 'it''s'`];
/** Paths into the columns of JSON. */
export const PATHS = [...TEXT_PATHS, YEAR, WEIGHT, RATE, OPEN];

/** Few different values, so that conditions meet them; and among them the ones that are easily got wrong. */
const numbers = fc.constantFrom(-1.5, -0, 0, 1, 2, 0.1, 1e21, 5e-324);
const texts = fc.constantFrom('', 'a', 'A', 'ab', 'é', "o'hara", 'back\\slash', 'NULL', '{}', 'ﬁ', '𝒳', '"', '$2');
const dates = fc.constantFrom(
  '2024-01-01',
  '2024-01-01T00:00:00Z',
  '2024-01-01 00:00',
  '2024-01-01T01:00:00+01:00',
  '2024-06-30T12:30:00.123456Z',
  '2024-06-30T12:30:00.123Z',
  '1969-12-31 23:59:59-05',
);
const wholes = fc.constantFrom(-32768, -1, 0, 1, 2, 32767);
const larges = fc.constantFrom(-(2 ** 53) + 1, -1, 0, 1, 2 ** 31, 2 ** 53 - 1);
const prices = fc.constantFrom(-1.5, 0, 0.1, 19.99, 1e-7, 12_345.678_9, 1e21, 100_000);
const scores = fc.constantFrom(-1.5, 0, 0.1, 16_777_217, 1 / 3);
const uuids = fc.constantFrom('00000000-0000-0000-0000-00000000000a', 'ffffffff-0000-4000-8000-000000000000');
const members = fc.oneof(
  texts,
  fc.constantFrom('true', '0', '0.1', '-1.5', '1000000000000000000000', '[]', '{"a": null}'),
);
const days = fc.constantFrom('1969-12-31', '2000-01-01', '2024-02-29', '2024-06-30T00:00:00Z');
const states = fc.constantFrom(...STATES);
const leaves = fc.oneof(numbers, texts, fc.boolean(), fc.constant(null));
export const json = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaves, tie('array'), tie('object')),
  array: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'source', "it's"), tie('value'), { maxKeys: 3 }),
})).value;

const orMissing = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 4 });

export const attributes: fc.Arbitrary<Attributes> = fc.record({
  n: orMissing(numbers),
  t: orMissing(texts),
  yes: orMissing(fc.boolean()),
  'created at': orMissing(dates),
  tags: orMissing(fc.array(texts, { maxLength: 3 })),
  'meta"data': orMissing(json),
  small: orMissing(wholes),
  whole: orMissing(wholes),
  large: orMissing(larges),
  price: orMissing(prices),
  score: orMissing(scores),
  uid: orMissing(uuids),
  day: orMissing(days),
  local: orMissing(dates),
  state: orMissing(states),
  facts: orMissing(
    fc.record(
      {
        year: fc.oneof(fc.constantFrom(1999, 2000, 2024), fc.constantFrom('2000', ' +2024 ', '-3', '007')),
        weight: fc.oneof(prices, fc.constantFrom('.5', '1.', '1e3', ' 19.99')),
        rate: fc.oneof(scores, fc.constantFrom('0.1', '1e-3')),
        open: fc.oneof(fc.boolean(), fc.constantFrom('t', 'No', ' on', '0', 'TRUE')),
      },
      { requiredKeys: [] },
    ),
  ),
});

const column = <Name extends string>(name: Name) => fc.constant(name);
const comparison = fc.constantFrom(
  '=' as const,
  '<>' as const,
  '<' as const,
  '<=' as const,
  '>' as const,
  '>=' as const,
);
const several = <T>(values: fc.Arbitrary<T>) => fc.array(values, { minLength: 1, maxLength: 3 });

/** Conditions that a scalar column of these values can be put to. */
const ordered = (
  name: string,
  values: fc.Arbitrary<number> | fc.Arbitrary<string>,
): readonly fc.Arbitrary<Filter>[] => {
  const value = values as fc.Arbitrary<string | number>;
  return [
    fc.record({ column: column(name), op: comparison, value }),
    fc.record({ column: column(name), op: fc.constant('in' as const), value: several(value) }),
    fc.record({ column: column(name), op: fc.constant('between' as const), value: fc.tuple(value, value) }),
  ];
};

/** Conditions that values without an order can be put to. */
const equal = (name: string, value: fc.Arbitrary<string>): readonly fc.Arbitrary<Filter>[] => [
  fc.record({ column: column(name), op: fc.constantFrom('=' as const, '<>' as const), value }),
  fc.record({ column: column(name), op: fc.constant('in' as const), value: several(value) }),
];

const condition: fc.Arbitrary<Filter> = fc.oneof(
  ...ordered('small', wholes),
  ...ordered('whole', wholes),
  ...ordered('large', larges),
  ...ordered('price', prices),
  ...ordered('score', scores),
  ...equal('uid', uuids),
  ...ordered('day', days),
  ...ordered('local', dates),
  ...equal('state', states),
  ...TEXT_PATHS.flatMap((path) => equal(path, members)),
  ...ordered(YEAR, fc.constantFrom(-3, 7, 1999, 2000, 2024)),
  ...ordered(WEIGHT, prices),
  ...ordered(RATE, scores),
  fc.record({ column: column(OPEN), op: fc.constantFrom('=' as const, '<>' as const), value: fc.boolean() }),
  fc.record({ column: column('day'), op: fc.constant('window' as const), value: fc.tuple(days, days) }),
  ...ordered('n', numbers),
  ...ordered('t', texts),
  ...ordered('created at', dates),
  fc.record({ column: column('yes'), op: fc.constantFrom('=' as const, '<>' as const), value: fc.boolean() }),
  fc.record({ column: column('yes'), op: fc.constant('in' as const), value: several(fc.boolean()) }),
  fc.record({ column: column('created at'), op: fc.constant('window' as const), value: fc.tuple(dates, dates) }),
  fc.record({ column: column('tags'), op: fc.constant('contains' as const), value: fc.array(texts, { maxLength: 2 }) }),
  fc.record({ column: column('meta"data'), op: fc.constant('contains' as const), value: json }) as fc.Arbitrary<Filter>,
  fc.record({
    column: fc.constantFrom(...COLUMNS.map(({ name }) => name), ...PATHS),
    op: fc.constant('is_null' as const),
  }),
);

/** Filters that fit {@link COLUMNS}. */
export const filters: fc.Arbitrary<Filter> = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    condition,
    fc.record({ and: several(tie('filter')) }),
    fc.record({ or: several(tie('filter')) }),
    fc.record({ not: tie('filter') }),
  ),
})).filter;
