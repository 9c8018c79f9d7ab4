import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Session, vectorText } from '../../src/postgres/index.js';
import { type Outcome, pgvtune, workingDirectory } from '../support/command-line.js';
import { clusteredVectors, insertVectors } from '../support/live-tables.js';
import { hasLocal, sharedServer, socketFolder } from '../support/servers.js';

const VECTORS = clusteredVectors(900, 16, 'goods');

/** Filters look at columns of other tables, in a schema of names that need quotes. */
describe.runIf(await hasLocal())('tune for a table in use, by columns of other tables', () => {
  const live = sharedServer('local');
  let directory: ReturnType<typeof workingDirectory>;
  let admin: Session;
  let outcome: Outcome;

  beforeAll(async () => {
    directory = workingDirectory();
    admin = await live().connect('admin');
    await admin.query(`
      CREATE SCHEMA "The Shop";
      CREATE TABLE "The Shop".regions (region_no int PRIMARY KEY, "Name" text);
      CREATE TABLE "The Shop".owners ("Owner" uuid PRIMARY KEY, region int REFERENCES "The Shop".regions, colour text);
      CREATE TABLE "The Shop"."Goods" (id int PRIMARY KEY, tenant int, "Vec" vector(16), owner uuid REFERENCES "The Shop".owners,
                                       meta jsonb, body text);
      INSERT INTO "The Shop".regions SELECT i, 'region ' || i FROM generate_series(1, 3) i;
      INSERT INTO "The Shop".owners SELECT md5(i::text)::uuid, 1 + i % 3, 'colour ' || i % 2 FROM generate_series(1, 12) i`);
    await insertVectors(admin, '"The Shop"."Goods"', VECTORS);
    await admin.query(`
      UPDATE "The Shop"."Goods" SET owner = md5((1 + id % 12)::text)::uuid, meta = jsonb_build_object('year', id % 5),
             body = 'word' || id % 7 || ' topic' || id % 11`);
    await admin.query('VACUUM ANALYZE "The Shop"."Goods"');
    const config = {
      server: 'local',
      k: 5,
      dataset: {
        table: '"The Shop"."Goods"',
        server: `postgres://postgres@/postgres?host=${await socketFolder(live())}`,
        rows: 600,
        control: 0,
        attributes: ['owner', 'meta', 'owners.colour', 'regions.Name'],
        text: 'body',
      },
      target: { recall: 0.6 },
      measure: { samples: 100, queries: 100, repeats: 1, concurrency: [] },
      indexes: [{ hnsw: { m: 8 } }],
      workloads: [
        {
          filtered: {
            filters: { mine: { column: 'Name', op: '=', value: { draw: 'own' } } },
            strategies: ['pre-filter', 'post-filter'],
          },
        },
        {
          filtered: {
            filters: { red: { column: 'colour', op: '=', value: { draw: 'own' } } },
            join: { table: 'owners', key: 'owner', columns: ['colour'] },
            strategies: ['pre-filter', 'denormalised-pre-filter'],
          },
        },
        { hybrid: { fusion: ['rrf'], filter: { column: 'colour', op: '=', value: { draw: 'own' } } } },
      ],
    };
    writeFileSync(join(directory.path, 'pgvtune.yaml'), JSON.stringify(config));
    outcome = await pgvtune(directory.path, 'tune', 'pgvtune.yaml', '--name', 'goods');
  });
  afterAll(async () => {
    await admin.close();
    directory.remove();
  });

  it('prints statements that run there as they are', async () => {
    expect(outcome.code, outcome.stderr).toBe(0);
    const report = readFileSync(join(directory.path, 'results/goods/vector_optimization.md'), 'utf8');
    expect(report).not.toContain('your_table');
    // Each block of statements is one of those that belong together up to the next that takes all of it back.
    const blocks = [...report.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql]) => sql!.split('\n'));
    let [searches, answers] = [0, 0];
    for (const statement of blocks.flat().filter((line) => line !== '' && !line.startsWith('--'))) {
      const text = statement.replace(/;( {2}--.*)?$/, '');
      const values = new Set(text.match(/\$\d/g)).size;
      const words = ['region 1', 'colour 1'].find((_, i) => text.includes(['"Name" =', 'colour" ='][i]!)) ?? '';
      const given = values === 3 ? ['word3 topic4', words] : [words];
      const rows = await admin.query(text, values === 0 ? [] : [vectorText(VECTORS[7]!), ...given].slice(0, values));
      if (values > 0) [searches, answers] = [searches + 1, answers + rows.length];
    }
    expect(searches).toBeGreaterThan(5);
    expect(answers).toBe(5 * searches);
    const left = await admin.query<{ name: string }>(`
      SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'The Shop' ORDER BY 1`);
    expect(left.map(({ name }) => name)).toEqual([
      'Goods',
      'Goods_pkey',
      'owners',
      'owners_pkey',
      'regions',
      'regions_pkey',
    ]);
  });
});
