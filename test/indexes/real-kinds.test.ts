import { beforeAll, expect, it } from 'vitest';
import {
  createIndexSql,
  gucs,
  indexKinds,
  orderByExpression,
  recallKnob,
  type IndexKind,
  type NumberParameter,
} from '../../src/indexes/index.js';
import type { Session } from '../../src/postgres/index.js';
import {
  type IndexSpec,
  type Metric,
  type Representation,
  representationSchema,
  type Stored,
} from '../../src/vocabulary.js';
import { describeServers } from '../support/servers.js';

/*
 * What the registry says about pgvector, asked of pgvector itself.
 */

const methods = indexKinds.filter(({ accessMethod, extension }) => accessMethod !== null && extension === 'vector');
const METRICS: readonly Metric[] = ['l2', 'ip', 'cosine', 'l1'];
const combinations = methods.flatMap((kind) =>
  representationSchema.options.flatMap((representation) => METRICS.map((metric) => ({ kind, representation, metric }))),
);
const supports = ({
  kind,
  representation,
  metric,
}: {
  kind: IndexKind;
  representation: Representation;
  metric: Metric;
}): boolean => kind.representations[representation]?.metrics.includes(metric) ?? false;

/** A subvector has to have fewer dimensions than the column. */
const stored = (representation: Representation, dimensions: number): Stored => ({
  representation,
  ...(representation === 'subvector' ? { dimensions } : {}),
});

await describeServers('index kinds', (server) => {
  let session: Session;

  beforeAll(async () => {
    session = await server().connect('kinds');
    await session.query('CREATE TABLE few (id bigint, embedding vector(8))');
    await session.query(
      `INSERT INTO few SELECT i, ARRAY(SELECT random() - 0.5 FROM generate_series(1, 8) WHERE i = i)::vector
         FROM generate_series(1, 200) i`,
    );
    return () => session.close();
  });

  /** SQLSTATE of the refusal, or null when the statements are accepted; nothing is kept. */
  async function refused(...statements: readonly string[]): Promise<string | null> {
    try {
      await session.rolledBack(async () => {
        for (const statement of statements) await session.query(statement);
      });
      return null;
    } catch (error) {
      return (error as { sqlstate?: string }).sqlstate ?? 'unknown';
    }
  }

  const build = (kind: IndexKind, parameters: IndexSpec['parameters'], change: object = {}): string =>
    createIndexSql({
      name: 'i',
      table: 'few',
      column: 'embedding',
      dimensions: 8,
      metric: 'l2',
      spec: { method: kind.name, representation: 'vector', parameters },
      ...change,
    }) ?? '';

  it('has the search settings of the server, with their ranges and defaults', async () => {
    for (const knob of methods.flatMap((kind) => kind.knobs)) {
      const [row] = await session.query<{ low: string; high: string; initial: string; words: string | null }>(
        `SELECT min_val AS low, max_val AS high, boot_val AS initial, array_to_string(enumvals, ',') AS words
           FROM pg_settings WHERE name = $1`,
        [knob.guc],
      );
      expect(row?.initial, knob.guc).toBe(String(knob.default));
      if (knob.kind === 'choice') expect(row?.words?.split(','), knob.guc).toEqual(knob.values);
      else expect([row?.low, row?.high].map(Number), knob.guc).toEqual([knob.min, knob.max]);
    }
  });

  it('has the build parameters of the server, with their ranges', async () => {
    for (const kind of methods) {
      for (const parameter of kind.parameters) {
        const { name, min, max } = parameter as NumberParameter;
        // ALTER INDEX looks at the range without building anything.
        const at = (value: number): Promise<string | null> =>
          refused(
            'CREATE TABLE empty (embedding vector(8))',
            build(kind, {}, { table: 'empty' }),
            `ALTER INDEX i SET (${name} = ${value})`,
          );
        expect(await at(min - 1), `${name} = ${min - 1}`).toBe('22023');
        expect(await at(min), `${name} = ${min}`).toBeNull();
        expect(await at(max), `${name} = ${max}`).toBeNull();
        expect(await at(max + 1), `${name} = ${max + 1}`).toBe('22023');
      }
    }
  });

  it('knows that ef_construction must be twice m', async () => {
    const hnsw = methods.find((kind) => kind.name === 'hnsw')!;
    expect(await refused(build(hnsw, { m: 10, ef_construction: 19 }))).toBe('22023');
    expect(hnsw.conflict({ m: 10, ef_construction: 19 }, {})).not.toBeNull();
    expect(await refused(build(hnsw, { m: 10, ef_construction: 20 }))).toBeNull();
    expect(hnsw.conflict({ m: 10, ef_construction: 20 }, {})).toBeNull();
  });

  it.each(combinations.filter(supports))(
    '$kind.name on $representation serves $metric, and $metric alone',
    async (combination) => {
      const { kind, representation, metric } = combination;
      const options = {
        spec: stored(representation, 4),
        column: 'embedding',
        dimensions: 8,
        query: `'[1,2,3,4,5,6,7,8]'::vector`,
      };
      const parameters: Record<string, number> = kind.name === 'ivfflat' ? { lists: 5 } : {};
      await session.rolledBack(async () => {
        await session.query('SET LOCAL enable_seqscan = off');
        await session.query(
          build(kind, {}, { metric, spec: { method: kind.name, ...stored(representation, 4), parameters } }),
        );
        for (const asked of METRICS) {
          const orderBy = orderByExpression({ ...options, metric: asked });
          const plan = await session.query(`EXPLAIN (FORMAT JSON) SELECT id FROM few ORDER BY ${orderBy} LIMIT 3`);
          // Bits are ordered by Hamming distance whatever is asked.
          const serves = asked === metric || representation === 'bit';
          expect(JSON.stringify(plan).includes('"Index Name":"i"'), asked).toBe(serves);
        }
      });
    },
  );

  it.each(combinations.filter((combination) => !supports(combination)))(
    '$kind.name on $representation has no operator class for $metric',
    async ({ kind, representation, metric }) => {
      expect(
        await refused(
          build(kind, {}, { metric, spec: { method: kind.name, ...stored(representation, 4), parameters: {} } }),
        ),
      ).toBe('42704');
    },
  );

  it('knows where half precision ends', async () => {
    const cast = (value: number): Promise<unknown> => session.query(`SELECT '[${value}]'::vector::halfvec`);
    await expect(cast(65_519)).resolves.toEqual([{ halfvec: '[65504]' }]);
    await expect(cast(65_520)).rejects.toThrow(/out of range/);
  });

  it('knows how many dimensions can be indexed', async () => {
    for (const kind of methods) {
      for (const [representation, { maxDimensions }] of Object.entries(kind.representations)) {
        for (const dimensions of [maxDimensions, maxDimensions + 1]) {
          const spec = { method: kind.name, ...stored(representation as Representation, dimensions), parameters: {} };
          const outcome = await refused(
            `SET LOCAL maintenance_work_mem = '1GB'`,
            `CREATE TABLE wide (embedding vector(${dimensions}))`,
            build(kind, {}, { table: 'wide', dimensions, spec }),
          );
          // Beyond 16,000 dimensions it is the column that is refused, with another code.
          const code = dimensions > 16_000 ? '22023' : '54000';
          expect(outcome, `${kind.name} ${representation}(${dimensions})`).toBe(
            dimensions > maxDimensions ? code : null,
          );
        }
      }
    }
  });

  it('names settings that the server takes', async () => {
    for (const kind of methods) {
      const knob = recallKnob(kind)!;
      for (const [guc, value] of Object.entries(gucs(kind.name, { [knob.name]: 7 }))) {
        await session.rolledBack(async () => {
          await session.query('SELECT set_config($1, $2, true)', [guc, value]);
          const [row] = await session.query<{ value: string }>('SELECT current_setting($1) AS value', [guc]);
          expect(row?.value).toBe('7');
        });
      }
    }
  });
});
