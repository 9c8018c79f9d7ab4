import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../src/postgres/index.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';
import { clusteredVectors, insertVectors } from '../support/live-tables.js';
import { hasLocal, sharedServer, socketFolder } from '../support/servers.js';

describe.runIf(await hasLocal())('explain', () => {
  const cluster = sharedServer('local');
  let directory: ReturnType<typeof workingDirectory>;
  let admin: Session;
  let url: string;

  beforeAll(async () => {
    directory = workingDirectory();
    url = `postgres://reader@/postgres?host=${await socketFolder(cluster())}`;
    admin = await cluster().connect('admin');
    await admin.query(`
      CREATE ROLE reader LOGIN;
      ALTER ROLE reader SET random_page_cost = 1;
      CREATE SCHEMA "We.ird"; GRANT USAGE ON SCHEMA "We.ird" TO reader;
      ALTER ROLE reader SET search_path = "We.ird";
      CREATE TABLE "We.ird"."it""ems" (id int PRIMARY KEY, tenant int, embedding vector(8));
      GRANT SELECT ON "We.ird"."it""ems" TO reader`);
    await insertVectors(admin, '"We.ird"."it""ems"', clusteredVectors(1500, 8, 'rows'));
    await admin.query('CREATE INDEX ON "We.ird"."it""ems" USING hnsw (embedding vector_cosine_ops)');
    await admin.query('VACUUM ANALYZE "We.ird"."it""ems"');
  });
  afterAll(async () => {
    await admin.close();
    directory.remove();
  });

  const explain = (sql: string, ...argv: string[]) => {
    writeFileSync(join(directory.path, 'search.sql'), sql);
    return pgvtune(directory.path, 'explain', '--server', url, '--file', 'search.sql', ...argv);
  };

  it('prints the cause and a statement that runs verbatim, in the names of the role', async () => {
    const sql = 'SELECT id, 1 - (embedding <=> $1) AS near FROM "it""ems" ORDER BY near DESC LIMIT $2; -- the nearest';
    const { code, stdout } = await explain(sql, '--param', '2=3');
    expect(code).toBe(1);
    expect(stdout).toContain('The rows are ordered by 1 - (embedding <=> $1) DESC.');
    expect(stdout).toContain('$2 bigint = 3');
    expect(stdout).not.toMatch(/\[-?\d+\.\d+,-?\d/);
    const rewritten = /SELECT .* ORDER BY embedding <=> \$1 LIMIT \$2;/.exec(stdout)![0];
    await admin.query('SET search_path = "We.ird", public');
    await admin.query(`PREPARE p (vector, bigint) AS ${rewritten}`);
    expect(await admin.query("EXECUTE p ('[1,2,3,4,5,6,7,8]', 3)")).toHaveLength(3);
    await admin.query('RESET search_path');
  });

  it('measures, and is one JSON document', async () => {
    const sql = 'SELECT id FROM "it""ems" ORDER BY cosine_distance(embedding, $1) LIMIT 5';
    const { code, stdout } = await explain(sql, '--measure', '--queries', '8', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'mended',
      obstacles: [{ code: 'distance-function' }],
      measured: { recall: { queries: 8 } },
    });
  });

  it('exits with 0 where nothing is to be changed, and with 2 for what is no search', async () => {
    expect((await explain('SELECT id FROM "it""ems" ORDER BY embedding <=> $1 LIMIT 5')).code).toBe(0);
    const refused = await explain('DELETE FROM "it""ems"');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('Expected a SELECT, got Delete.');
    expect((await explain('SELECT 1', '--param', 'x')).code).toBe(2);
  });
});
