import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PgvtuneError } from '../../../src/errors.js';
import { importDataset, type SourceBatch } from '../../../src/datasets/index.js';
import { type LiveTableOptions, openLiveTable, readLiveTable } from '../../../src/live/index.js';
import { roundToHalf } from '../../../src/exact/index.js';
import type { Session } from '../../../src/postgres/index.js';
import { silentReporter } from '../../../src/progress.js';
import { withReaderNames } from '../../../src/reports/tune/sql/reader-names.js';
import type { TableNames } from '../../../src/results/index.js';
import { clusteredVectors, insertVectors } from '../../support/live-tables.js';
import { temporaryFolder } from '../../support/processes.js';
import { describeServers } from '../../support/servers.js';

const DIMENSIONS = 8;

await describeServers('a live table as the source of a dataset', (server) => {
  let session: Session;
  let folder: ReturnType<typeof temporaryFolder>;
  const vectors = clusteredVectors(600, DIMENSIONS, 'rows');

  beforeAll(async () => {
    folder = temporaryFolder();
    session = await server().connect('source');
    await session.query(`
      CREATE TYPE mood AS ENUM ('sad', 'happy');
      CREATE TABLE docs (id int PRIMARY KEY, tenant int, embedding vector(${DIMENSIONS}));
      CREATE INDEX ON docs USING hnsw (embedding vector_l2_ops)`);
    await insertVectors(session, 'docs', vectors);
    await session.query(`
      ALTER TABLE docs ADD big bigint, ADD price numeric, ADD "we""ird; col" text, ADD day date, ADD at timestamptz,
        ADD open boolean, ADD tags text[], ADD data jsonb, ADD m mood, ADD body text, ADD half halfvec(${DIMENSIONS});
      UPDATE docs SET big = 9007199254740993 + id, price = id / 4.0, "we""ird; col" = 'it''s ' || id,
        day = DATE '2026-01-01' + id, at = TIMESTAMPTZ '2026-01-01 12:00Z' + id * INTERVAL '1 hour', open = id % 2 = 0,
        tags = ARRAY['a', 'b' || id % 3], data = jsonb_build_object('n', id), m = 'happy', body = 'text ' || id,
        half = embedding::halfvec(${DIMENSIONS})`);
    await session.query('ANALYZE docs');
  });
  afterAll(async () => {
    await session.close();
    folder.remove();
  });

  const open = (change: Partial<LiveTableOptions> = {}) =>
    openLiveTable({
      session,
      server: 'test',
      table: 'docs',
      column: 'embedding',
      rows: 10_000,
      seed: 1,
      deadlineMs: 10_000,
      reporter: silentReporter,
      ...change,
    });
  const into = (name: string): string => join(folder.path, name);
  async function read(source: { base(): AsyncIterable<SourceBatch> }) {
    const rows: { id: unknown; vector: number[]; attributes: Readonly<Record<string, unknown>>; text: unknown }[] = [];
    for await (const { rows: count, vectors, ids, attributes, texts } of source.base()) {
      for (let i = 0; i < count; i++) {
        rows.push({
          id: ids?.[i] ?? null,
          vector: [...vectors.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS)],
          attributes: attributes?.[i] ?? {},
          text: texts?.[i] ?? null,
        });
      }
    }
    return rows;
  }
  /** ROLLBACK warns where there is nothing to roll back. */
  const inTransaction = async (): Promise<boolean> => {
    session.takeNotices();
    await session.query('ROLLBACK');
    return !session.takeNotices().join().includes('no transaction in progress');
  };

  it.each([
    ['sparse', `embedding::sparsevec(${DIMENSIONS})`, (x: number) => x],
    ['bits', `binary_quantize(embedding)::bit(${DIMENSIONS})`, (x: number) => (x > 0 ? 1 : 0)],
  ])('gives vectors that are %s as numbers', async (name, value, expected) => {
    await session.query(`CREATE TABLE ${name} AS SELECT id, ${value} AS v FROM docs`);
    await session.query(`ALTER TABLE ${name} ADD PRIMARY KEY (id)`);
    const source = await open({ table: name, column: undefined });
    expect(source.dimensions).toBe(DIMENSIONS);
    for (const { id, vector } of await read(source)) {
      expect(vector).toEqual([...vectors[Number(id)]!].map(expected));
    }
  });

  it('refuses sparse vectors wider than a dataset can be', async () => {
    await session.query(`CREATE TABLE wide (v sparsevec); INSERT INTO wide VALUES ('{5:1}/1000000')`);
    await expect(open({ table: 'wide', column: undefined })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('at most 16,000 dimensions'),
    });
  });

  it('gives every row as it stands in the table, with its id', async () => {
    const source = await open();
    const rows = await read(source);
    expect(source).toMatchObject({ name: 'docs', dimensions: DIMENSIONS, metric: 'l2', synthetic: false });
    expect(rows.map(({ id }) => id).sort((a, b) => Number(a) - Number(b))).toEqual(vectors.map((_, id) => id));
    for (const { id, vector } of rows) expect(vector).toEqual([...vectors[Number(id)]!]);
    const lengths = vectors.map((vector) => Math.hypot(...vector));
    expect(source.report()).toMatchObject({
      table: 'public.docs',
      type: `vector(${DIMENSIONS})`,
      rows: 600,
      seen: 600,
      nullVectors: 0,
      zeroVectors: 0,
      lengths: { min: expect.closeTo(Math.min(...lengths), 5), max: expect.closeTo(Math.max(...lengths), 5) },
    });
    expect(source.report().lengths.mean).toBeCloseTo(lengths.reduce((a, b) => a + b) / lengths.length, 5);
  });

  it('brings attributes along as the types that datasets know, and large integers to the last digit', async () => {
    const attributes = ['tenant', 'big', 'price', 'we"ird; col', 'day', 'at', 'open', 'tags', 'data', 'm'];
    const source = await open({ attributes, text: 'body', where: 'id = 7' });
    expect(await read(source)).toEqual([
      {
        id: 7,
        vector: expect.any(Array),
        text: 'text 7',
        attributes: {
          tenant: 7,
          big: '9007199254741000',
          price: 1.75,
          'we"ird; col': `it's 7`,
          day: '2026-01-08',
          at: expect.stringMatching(/^2026-01-01T\d{2}:00:00/),
          open: false,
          tags: ['a', 'b1'],
          data: { n: 7 },
          m: 'happy',
        },
      },
    ]);
    const dataset = await importDataset(into('types'), await open({ attributes, text: 'body' }));
    dataset.close();
    expect(dataset.manifest.columns).toEqual([
      { name: 'tenant', type: 'number', sqlType: 'integer' },
      { name: 'big', type: 'text' },
      { name: 'price', type: 'number', sqlType: 'numeric' },
      { name: 'we"ird; col', type: 'text' },
      { name: 'day', type: 'date', sqlType: 'date' },
      { name: 'at', type: 'date' },
      { name: 'open', type: 'boolean' },
      { name: 'tags', type: 'text[]' },
      { name: 'data', type: 'json' },
      { name: 'm', type: 'text', sqlType: { enum: 'mood', labels: ['sad', 'happy'] } },
    ]);
    expect(dataset.manifest).toMatchObject({ textColumn: 'body', source: { kind: 'table', table: 'public.docs' } });
  });

  it('brings columns of tables along that the rows refer to', async () => {
    // Inside the subquery each name is found in the joined tables first.
    await session.query(`
      CREATE TABLE projects (id int PRIMARY KEY, owner text, paper int);
      CREATE TABLE papers (id int PRIMARY KEY, project int REFERENCES projects, tenant bigint, paper int);
      INSERT INTO projects SELECT i, 'owner ' || i, -1 FROM generate_series(1, 5) AS i;
      INSERT INTO papers SELECT i, 1 + i % 5, 9007199254740993 + i, -1 FROM generate_series(1, 40) AS i;
      CREATE TABLE chunks AS SELECT id, embedding, CASE WHEN id % 7 > 0 THEN 1 + id % 40 END AS paper FROM docs;
      ALTER TABLE chunks ADD PRIMARY KEY (id)`);
    const asked = { table: 'chunks', attributes: ['paper', 'papers.tenant', 'projects.owner'] };
    await expect(open(asked)).rejects.toThrow('No foreign key leads from public.chunks to public.papers.');
    const named = await open({
      ...asked,
      joins: [
        { table: 'papers', column: 'paper' },
        { table: 'projects', column: 'project' },
      ],
    });
    const byName = await read(named);
    await session.query('ALTER TABLE chunks ADD FOREIGN KEY (paper) REFERENCES papers');
    const source = await open(asked);
    expect(source.columnTypes).toEqual(
      new Map([
        ['paper', 'integer'],
        ['tenant', 'bigint'],
        ['owner', 'text'],
      ]),
    );
    const rows = await read(source);
    const joined = await session.query<{
      id: number;
      tenant: string | null;
      owner: string | null;
      paper: number | null;
    }>(
      `SELECT c.id, c.paper, d.tenant::text, p.owner FROM chunks c LEFT JOIN papers d ON d.id = c.paper
         LEFT JOIN projects p ON p.id = d.project`,
    );
    const expected = new Map(joined.map(({ id, ...attributes }) => [id, attributes]));
    expect(rows).toHaveLength(600);
    for (const { id, attributes } of rows) expect(attributes).toEqual(expected.get(id as number));
    expect(byName).toEqual(rows);

    await expect(open({ ...asked, attributes: ['paper', 'papers.paper'] })).rejects.toThrow(
      'Two attributes would be called "paper".',
    );
    await expect(open({ ...asked, attributes: ['papers.paper'] })).rejects.toThrow(
      'public.chunks has a column "paper" itself, which papers.paper would be taken for.',
    );
    await expect(open({ ...asked, attributes: ['papers.colour'] })).rejects.toThrow(
      'public.papers has no column "colour".',
    );
    await expect(open({ ...asked, attributes: ['nowhere.colour'] })).rejects.toThrow('There is no table nowhere');
  });

  it.each([
    ['a key', 'place int, id int PRIMARY KEY, embedding vector(8)', { key: 'id', isPrimaryKey: true }],
    [
      'a key of two columns',
      '"Part" int, of int, embedding vector(8), PRIMARY KEY (of, "Part")',
      { key: 'of', isPrimaryKey: false },
    ],
    ['no key', 'embedding vector(8), "The name" text', { key: '"The name"', isPrimaryKey: false }],
    ['vectors alone', 'embedding vector(8)', { key: 'embedding', isPrimaryKey: false }],
  ])('names a column that a table with %s has', async (_, columns, expected) => {
    await session.query(`CREATE TABLE keys (${columns})`);
    try {
      const { provenance } = await open({ table: 'keys' });
      const { names } = provenance as { names: TableNames };
      expect(names).toMatchObject(expected);
      await session.query(withReaderNames('SELECT id FROM your_table ORDER BY embedding LIMIT 1', names));
    } finally {
      await session.query('DROP TABLE keys');
    }
  });

  it('draws at random, and the store holds queries out of what was drawn', async () => {
    const dataset = await importDataset(into('sample'), await open({ rows: 110 }), { queries: 10 });
    const again = await importDataset(into('sample'), await open({ rows: 110 }), { queries: 10 });
    const other = await importDataset(into('sample'), await open({ rows: 110, seed: 2 }), { queries: 10 });
    expect(dataset.manifest).toMatchObject({ rows: 100, queries: 10, queriesHeldOut: true, metric: 'l2' });
    expect(again.manifest.hash).toBe(dataset.manifest.hash);
    expect(other.manifest.hash).not.toBe(dataset.manifest.hash);
    const ids: unknown[] = [];
    for await (const { id } of dataset.rows()) ids.push(id);
    for await (const { id } of dataset.queryRows()) ids.push(id);
    expect(new Set(ids).size).toBe(110);
    // Not the first rows: of 600 ids, 110 at random hardly lie below 300 by more than 70 or less than 40.
    const low = ids.filter((id) => Number(id) < 300).length;
    expect(low).toBeGreaterThan(35);
    expect(low).toBeLessThan(75);
    for (const made of [dataset, again, other]) made.close();
  });

  it('reads halfvec columns as what they hold', async () => {
    const rows = await read(await open({ column: 'half', where: 'id < 5' }));
    for (const { id, vector } of rows) expect(vector).toEqual([...roundToHalf(vectors[Number(id)]!)]);
  });

  it('counts rows without a vector, and leaves zero vectors out under cosine', async () => {
    await session.query(`CREATE TABLE holes (id int, tenant int, embedding vector(${DIMENSIONS}))`);
    const zero = new Float32Array(DIMENSIONS);
    await insertVectors(
      session,
      'holes',
      vectors.slice(0, 100).map((vector, i) => (i % 10 === 0 ? null : i % 10 === 1 ? zero : vector)),
    );
    const source = await open({ table: 'holes', metric: 'cosine' });
    const dataset = await importDataset(into('holes'), source);
    expect(source.report()).toMatchObject({ seen: 100, nullVectors: 10, rows: 90, zeroVectors: 10 });
    expect(dataset.manifest).toMatchObject({ rows: 72, queries: 8, metric: 'cosine', checks: { zeroRows: 0 } });
    dataset.close();
    // No primary key: the rows are numbered.
    expect((await read(await open({ table: 'holes' })))[0]!.id).toBeNull();
    await session.query('DROP TABLE holes');
  });

  it('takes queries from another table', async () => {
    await session.query(`CREATE TABLE searches (id int PRIMARY KEY, tenant int, embedding vector(${DIMENSIONS}))`);
    await insertVectors(session, 'searches', clusteredVectors(20, DIMENSIONS, 'queries'));
    const queries = await open({ table: 'searches', rows: 20 });
    await expect(open({ queries: { ...queries, dimensions: 3 } })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/Expected query vectors of 8 dimensions as in public\.docs, got 3/),
    });
    const dataset = await importDataset(into('log'), await open({ queries }));
    expect(dataset.manifest).toMatchObject({ rows: 600, queries: 20, queriesHeldOut: false });
    dataset.close();
    await session.query('DROP TABLE searches');
  });

  it('ends its transaction at the end, and when it is left before', async () => {
    await read(await open());
    expect(await inTransaction()).toBe(false);
    for await (const _ of (await open()).base()) break;
    expect(await inTransaction()).toBe(false);
    await expect(importDataset(into('broken'), await open({ where: '1 / (id - id) > 0' }))).rejects.toThrow(
      /division by zero/,
    );
    expect(await inTransaction()).toBe(false);
  });

  it.each([
    [{ table: 'nothing' }, 'usage', /There is no table nothing/],
    [{ column: 'tenant' }, 'usage', /of type integer/],
    [{ column: undefined }, 'usage', /several columns of vectors/],
    [{ text: 'content' }, 'usage', /has no column "content"/],
    [{ attributes: ['tenant', 'colour'] }, 'usage', /has no column "colour"/],
    [{ where: 'tenant = 1 --' }, 'usage', /a comment/],
    [{ where: 'colour = 1' }, 'usage', /column "colour" does not exist/],
  ] as const)('refuses %j', async (change, code, message) => {
    await expect(open(change)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await inTransaction()).toBe(false);
  });

  it('says when no row meets the condition, or none has a vector', async () => {
    const none = importDataset(into('none'), await open({ where: 'id < 0' }));
    await expect(none).rejects.toThrow('public.docs has no row that meets the condition id < 0');
    await session.query(`CREATE TABLE bare (id int, embedding vector(2)); INSERT INTO bare VALUES (1), (2)`);
    const bare = importDataset(into('none'), await open({ table: 'bare' }));
    await expect(bare).rejects.toThrow('public.bare: of 2 rows, 2 have no vector');
    await session.query('DROP TABLE bare');
  });

  it('refuses vectors of several widths, and says how to take those of one', async () => {
    await session.query(
      `CREATE TABLE mixed (id int, embedding vector); INSERT INTO mixed VALUES (1, '[1,2]'), (2, '[1,2,3]')`,
    );
    const error: unknown = await importDataset(into('mixed'), await open({ table: 'mixed' })).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'dataset', hint: expect.stringContaining('vector_dims("embedding") = ') });
    const one = await open({ table: 'mixed', where: 'vector_dims("embedding") = 2' });
    expect(await read(one)).toHaveLength(1);
    await session.query('DROP TABLE mixed');

    await session.query(`
      CREATE TABLE mixed_sparse (id int, v sparsevec); INSERT INTO mixed_sparse VALUES (1, '{1:1}/2'), (2, '{1:1}/3')`);
    const sparse: unknown = await importDataset(
      into('mixed'),
      await open({ table: 'mixed_sparse', column: 'v' }),
    ).catch((reason: unknown) => reason);
    // The condition has quotes of its own, which those of a shell would end.
    const where = /\(--where\): (.*)\.$/.exec((sparse as PgvtuneError).hint ?? '')?.[1];
    expect(await read(await open({ table: 'mixed_sparse', column: 'v', where }))).toHaveLength(1);
    await session.query('DROP TABLE mixed_sparse');
  });

  describe('views and queries', () => {
    beforeAll(async () => {
      await session.query(`
        CREATE VIEW shown AS SELECT id, tenant, embedding AS v, day FROM docs WHERE id % 3 > 0;
        CREATE VIEW of_shown AS SELECT v, tenant AS tid FROM shown;
        CREATE MATERIALIZED VIEW kept AS SELECT id, half FROM docs WHERE id < 50;
        CREATE TABLE tenants (id int PRIMARY KEY, label text);
        INSERT INTO tenants SELECT i, 'tenant ' || i FROM generate_series(0, 9) AS i`);
    });
    const view = { table: 'shown', column: undefined };
    const asQuery = (query: string) => ({ table: undefined, column: undefined, query });

    it('reads every row of a view with a vector once', async () => {
      const source = await open({ ...view, attributes: ['id', 'tenant', 'day'] });
      const rows = await read(source);
      const expected = vectors.flatMap((vector, id) => (id % 3 > 0 ? [{ id, vector }] : []));
      expect(source).toMatchObject({ name: 'shown', dimensions: DIMENSIONS, metric: 'l2' });
      expect(source.columnTypes).toEqual(
        new Map([
          ['id', 'integer'],
          ['tenant', 'integer'],
          ['day', 'date'],
        ]),
      );
      expect(rows.map(({ attributes }) => attributes['id']).sort((a, b) => Number(a) - Number(b))).toEqual(
        expected.map(({ id }) => id),
      );
      for (const { vector, attributes } of rows) expect(vector).toEqual([...vectors[Number(attributes['id'])]!]);
      expect(source.report()).toMatchObject({
        kind: 'view',
        table: 'public.shown',
        method: 'count',
        seen: 400,
        rows: 400,
      });
    });

    it('draws rows of a view at random, the same for the same seed', async () => {
      const draw = async (seed: number) =>
        (await read(await open({ ...view, attributes: ['id'], rows: 100, seed }))).map(({ attributes }) =>
          Number(attributes['id']),
        );
      const [first, again, other] = [await draw(1), await draw(1), await draw(2)];
      expect(new Set(first).size).toBe(100);
      expect(again).toEqual(first);
      expect(other).not.toEqual(first);
      const low = first.filter((id) => id < 300).length;
      expect(low).toBeGreaterThan(30);
      expect(low).toBeLessThan(70);
    });

    it('takes conditions and joins beside a view', async () => {
      const joins = [{ table: 'tenants', column: 'tenant' }];
      const source = await open({ ...view, where: 'shown.tenant < 4', attributes: ['tenant', 'tenants.label'], joins });
      const rows = await read(source);
      expect(rows).toHaveLength(160);
      for (const { attributes } of rows) expect(attributes['label']).toBe(`tenant ${String(attributes['tenant'])}`);
    });

    it('reads a materialised view by the places of its rows', async () => {
      const source = await open({ table: 'kept', column: undefined, rows: 20 });
      expect(await read(source)).toHaveLength(20);
      expect(source.report()).toMatchObject({ kind: 'table', type: `halfvec(${DIMENSIONS})` });
      expect(source.report().method).not.toBe('count');
    });

    it('reads a query as this role, with its types, and the metric of the index below it', async () => {
      const query = `-- what is searched
        SELECT s.v, t.label AS owner, s.day FROM public.shown s JOIN public.tenants t ON t.id = s.tenant
         WHERE t.id = 4; -- one tenant`;
      const source = await open({ ...asQuery(query), attributes: ['owner', 'day'] });
      const rows = await read(source);
      expect(rows).toHaveLength(vectors.filter((_, id) => id % 3 > 0 && id % 10 === 4).length);
      expect(new Set(rows.map(({ attributes }) => attributes['owner']))).toEqual(new Set(['tenant 4']));
      expect(source).toMatchObject({ name: 'query', metric: 'l2' });
      expect(source.columnTypes).toEqual(
        new Map([
          ['owner', 'text'],
          ['day', 'date'],
        ]),
      );
      expect((await open(asQuery('SELECT v FROM public.of_shown'))).metric).toBe('l2');
      expect((await open(asQuery('SELECT v::halfvec(8) FROM public.of_shown'))).metric).toBeNull();
      expect(await inTransaction()).toBe(false);
    });

    it('counts rows of a query without a vector', async () => {
      const query = 'SELECT CASE WHEN id % 10 > 0 THEN embedding END AS e FROM public.docs';
      const source = await open(asQuery(query));
      expect(await read(source)).toHaveLength(540);
      expect(source.report()).toMatchObject({ seen: 600, nullVectors: 60, estimatedRows: 600 });
      const none = importDataset(into('none'), await open(asQuery('SELECT embedding FROM public.docs WHERE id < 0')));
      await expect(none).rejects.toMatchObject({
        code: 'dataset',
        message: expect.stringContaining('the query has no row'),
      });
    });

    it.each([
      ['SELECT embedding FROM docs; DROP TABLE docs', 'Expected one statement, got 2'],
      ['DELETE FROM docs RETURNING embedding', 'Expected a SELECT, got Delete'],
      ['WITH gone AS (DELETE FROM docs RETURNING *) SELECT embedding FROM gone', 'it writes'],
      ['SELECT embedding INTO copies FROM docs', 'SELECT INTO writes a table'],
      ['SELECT embedding FROM docs FOR UPDATE', 'it locks rows'],
      ['SELECT embedding FROM (SELECT * FROM docs FOR SHARE) AS d', 'it locks rows'],
      ['SELECT embedding FROM docs WHERE id = $1', 'it has parameters'],
      ["SELECT embedding, nextval('s') FROM docs", 'calls nextval, which is VOLATILE'],
      ['SELECT embedding FROM docs ORDER BY random()', 'random, which is VOLATILE'],
      ['SELECT embedding FROM docs WHERE colour = 1', 'column "colour" does not exist'],
      ['SELECT embedding FROM', 'cannot be parsed'],
      ['SELECT id FROM docs', 'the query has no column of vectors'],
      ['SELECT a.*, b.embedding FROM docs a JOIN docs b USING (id)', 'several columns'],
    ])('refuses %s', async (query, message) => {
      await expect(open(asQuery(query))).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringContaining(message),
      });
      expect(await inTransaction()).toBe(false);
    });

    it('refuses what belongs into the query', async () => {
      const query = 'SELECT embedding FROM docs';
      const refused = (change: Partial<LiveTableOptions>) => open({ ...asQuery(query), ...change });
      await expect(refused({ query: undefined })).rejects.toThrow('Nothing says which rows to sample.');
      await expect(refused({ table: 'docs' })).rejects.toThrow('--query and --table exclude each other.');
      await expect(refused({ where: 'id = 1' })).rejects.toThrow('--query and --where exclude each other.');
      await expect(refused({ attributes: ['tenants.label'] })).rejects.toThrow(
        'the query has no column "tenants.label"',
      );
      await expect(open({ ...view, attributes: ['tenants.label'] })).rejects.toThrow('No foreign key leads from');
    });
  });

  it('finds a table by the search_path of the role, not of this session', async () => {
    await session.query(`CREATE SCHEMA app; CREATE TABLE app.notes (id int PRIMARY KEY, embedding vector(2))`);
    try {
      await expect(readLiveTable(session, 'notes')).rejects.toThrow(/There is no table notes/);
      // As ALTER ROLE … SET search_path would have it from the next session on.
      const own = { ...session, query: asWithPath(session, 'app, public') };
      expect((await readLiveTable(own, 'notes')).label).toBe('app.notes');
      const [{ path } = { path: '' }] = await session.query<{ path: string }>(
        `SELECT current_setting('search_path') AS path`,
      );
      expect(path).not.toContain('app');
    } finally {
      await session.query('DROP SCHEMA app CASCADE');
    }
  });
});

/** A session whose default search_path is this one; what a role's default is, a session learns when it begins. */
const asWithPath =
  (session: Session, path: string): Session['query'] =>
  async <Row>(...asked: Parameters<Session['query']>) => {
    const rows = await session.query<Row>(...asked);
    return asked[0].includes('reset_val') ? rows.map((row) => ({ ...row, all: path })) : rows;
  };
