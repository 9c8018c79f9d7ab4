import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { filterSchema } from '../../../src/filter.js';
import { columnSql } from '../../../src/json-path.js';
import { createEnums, contentValues } from '../../../src/experiment/table/contents.js';
import { loadVectors, type Session } from '../../../src/postgres/index.js';
import { type Attributes, columnDefinition, literalFilter } from '../../../src/workloads/index.js';
import { checkFilter, columnNamed } from '../../../src/workloads/filtered/check-filter.js';
import { jsonContains } from '../../../src/workloads/filtered/json-contains.js';
import { memberText } from '../../../src/workloads/filtered/json-text.js';
import { comparableRow, filterPredicate } from '../../../src/workloads/filtered/predicate.js';
import { parameterisedFilter } from '../../../src/workloads/filtered/render-filter.js';
import { describeServers } from '../../support/servers.js';
import { attributes, COLUMNS, filters, json, PATHS } from './arbitrary-filters.js';

const ROWS = 300;
const SEED = 20;
const rows: readonly Attributes[] = fc.sample(attributes, { numRuns: ROWS, seed: SEED });
const comparable = rows.map(comparableRow([...COLUMNS, ...PATHS.map((path) => columnNamed(COLUMNS, path))]));
const options = { columns: COLUMNS, columnSql };

async function* stored() {
  for (const row of rows) yield { id: 0, attributes: row, text: null };
}

await describeServers('a filter', (server, choice) => {
  let session: Session;

  beforeAll(async () => {
    session = await server().connect('filters');
    for (const statement of createEnums(COLUMNS)) await session.query(statement);
    const definitions = COLUMNS.map(columnDefinition).join(', ');
    await session.query(`CREATE TABLE filtered (id bigint, embedding vector(1), ${definitions})`);
    const values = Float32Array.from(rows, () => 1);
    await loadVectors([session], server().capabilities, {
      table: 'filtered',
      blocks: (async function* () {
        yield { rows: ROWS, dimensions: 1, values, start: 0 };
      })(),
      beside: contentValues({ columns: COLUMNS, texts: [] }, { rows: stored }),
      onProgress: () => undefined,
    });
    return () => session.close();
  });

  it('means the same in SQL and in JavaScript, with parameters and with constants', async () => {
    let decisive = 0;
    const check = async (filter: Parameters<typeof filterPredicate>[0]): Promise<void> => {
      expect(() => checkFilter(filterSchema.parse(filter), COLUMNS)).not.toThrow();
      const { text, values } = parameterisedFilter(filter, { ...options, first: 1 });
      // Unknown is told apart from false: under NOT they differ.
      const select = (condition: string): string => `SELECT ${condition} AS truth FROM filtered ORDER BY id`;
      const bound = await session.query<{ truth: boolean | null }>(select(text), values);
      const constant = await session.query<{ truth: boolean | null }>(select(literalFilter(filter, options)));
      const predicted = comparable.map(filterPredicate(filter, COLUMNS));
      expect(predicted).toEqual(bound.map(({ truth }) => truth));
      expect(predicted).toEqual(constant.map(({ truth }) => truth));
      if (new Set(predicted).size === 3) decisive++;
    };
    // The embedded server takes some milliseconds a statement.
    const numRuns = choice === 'embedded' ? 500 : 1000;
    await fc.assert(fc.asyncProperty(filters, check), { seed: SEED, numRuns });
    expect(decisive).toBeGreaterThan(numRuns / 5);
  });

  it('knows what JSON contains what', async () => {
    const part = json.chain((whole) => fc.tuple(fc.constant(whole), fc.oneof(json, partOf(whole))));
    const pairs = fc.sample(part, { numRuns: 5000, seed: SEED });
    const contained = await session.query<{ contains: boolean }>(
      `SELECT whole @> part AS contains FROM unnest($1::jsonb[], $2::jsonb[]) AS pairs(whole, part)`,
      [pairs.map(([whole]) => JSON.stringify(whole)), pairs.map(([, part]) => JSON.stringify(part))],
    );
    const wrong = pairs.filter(([whole, part], i) => jsonContains(whole, part) !== contained[i]!.contains);
    expect(wrong).toEqual([]);
    const yes = contained.filter(({ contains }) => contains).length;
    expect(yes).toBeGreaterThan(1000);
    expect(yes).toBeLessThan(4000);
  });

  it('knows which text a member of JSON is', async () => {
    const keys = fc.constantFrom('', 'a', 'b', 'é', 'aa', '𝒳', 'ﬁ', '"', '0', '__proto__');
    const numbers = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger());
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
    const wholes = fc.dictionary(
      keys,
      fc
        .jsonValue({ maxDepth: 2 })
        .chain((value) => fc.oneof(fc.constant(value), fc.dictionary(keys, fc.oneof(numbers, text)))),
    );
    const pairs = fc
      .sample(fc.tuple(wholes, keys), { numRuns: 1000, seed: SEED })
      .flatMap(([whole, key]) => [...Object.keys(whole), key].map((member) => [whole, member] as const))
      .filter(([whole]) => !JSON.stringify(whole).includes('u0000'));
    const members = await session.query<{ member: string | null }>(
      'SELECT whole ->> key AS member FROM unnest($1::jsonb[], $2::text[]) AS pairs(whole, key)',
      [pairs.map(([whole]) => JSON.stringify(whole)), pairs.map(([, key]) => key)],
    );
    expect(pairs.map(([whole, key]) => memberText(whole, [key]))).toEqual(members.map(({ member }) => member));
    expect(members.filter(({ member }) => member !== null).length).toBeGreaterThan(1000);
  });
});

/** What may be left of a JSON value when members and items are taken away, at every depth; or one of its items. */
function partOf(whole: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(whole)) {
    const some = fc.subarray(whole).chain((items) => fc.tuple(...items.map(partOf)));
    return whole.length === 0 ? some : fc.oneof(some, fc.constantFrom(...(whole as unknown[])));
  }
  if (typeof whole !== 'object' || whole === null) return fc.constant(whole);
  return fc
    .subarray(Object.entries(whole))
    .chain((members) =>
      fc
        .tuple(...members.map(([key, value]) => partOf(value).map((part) => [key, part] as const)))
        .map(Object.fromEntries),
    );
}
