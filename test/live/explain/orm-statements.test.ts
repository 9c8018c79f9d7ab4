import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainStatement } from '../../../src/live/index.js';
import { monotonicClock } from '../../../src/measure/index.js';
import { type Session, vectorText } from '../../../src/postgres/index.js';
import { silentReporter } from '../../../src/progress.js';
import { clusteredVectors } from '../../support/live-tables.js';
import { hasLocal, sharedServer } from '../../support/servers.js';

const ROWS = 12_000;
const V = "'[1,2,3,4,5,6]'";

/*
 * Statements as libraries write them: names, quotation marks, casts and forms are theirs.
 */
describe.runIf(await hasLocal())('statements that libraries write', () => {
  const server = sharedServer('local');
  let session: Session;

  beforeAll(async () => {
    session = await server().connect('explain');
    await session.query('SET random_page_cost = 1.1');
    await session.query(`
      CREATE TABLE items (id int PRIMARY KEY, tenant int, name text, metadata jsonb, payload json, embedding vector(6));
      CREATE TABLE langchain_pg_collection (uuid int PRIMARY KEY, name text);
      INSERT INTO langchain_pg_collection SELECT n, 'c' || n FROM generate_series(0, 1) AS n;
      CREATE TABLE langchain_pg_embedding (id int PRIMARY KEY, collection_id int REFERENCES langchain_pg_collection, document text, cmetadata jsonb, embedding vector);`);
    await session.query(
      `INSERT INTO items SELECT n, n % 3, 'n' || n, jsonb_build_object('author', 'a' || n % 2), json_build_object('user_id', 'u' || n % 2), v::vector
         FROM unnest($1::text[]) WITH ORDINALITY AS given(v, n)`,
      [clusteredVectors(ROWS, 6, 'libraries').map(vectorText)],
    );
    await session.query(
      `INSERT INTO langchain_pg_embedding SELECT id, id % 2, name, metadata, embedding FROM items;
       CREATE INDEX items_v ON items USING hnsw (embedding vector_cosine_ops) WITH (m = 4, ef_construction = 8);
       CREATE INDEX lc_v ON langchain_pg_embedding USING hnsw ((embedding::vector(6)) vector_cosine_ops) WITH (m = 4, ef_construction = 8);
       ANALYZE items; ANALYZE langchain_pg_embedding; ANALYZE langchain_pg_collection`,
    );
  });
  afterAll(() => session.close());

  it.each([
    [
      'LangChain PGVector',
      `SELECT langchain_pg_embedding.id AS langchain_pg_embedding_id, langchain_pg_embedding.collection_id AS langchain_pg_embedding_collection_id, langchain_pg_embedding.document AS langchain_pg_embedding_document, langchain_pg_embedding.embedding <=> $1 AS distance FROM langchain_pg_embedding JOIN langchain_pg_collection ON langchain_pg_embedding.collection_id = langchain_pg_collection.uuid WHERE langchain_pg_embedding.collection_id = $2 ORDER BY distance ASC LIMIT $3`,
      [],
      'index-on-expression filter-after-scan: mended',
    ],
    [
      'LangChain PGVector, filtered',
      `SELECT langchain_pg_embedding.id, langchain_pg_embedding.embedding <=> ${V} AS distance FROM langchain_pg_embedding WHERE jsonb_path_match(langchain_pg_embedding.cmetadata, CAST('$.author == $value' AS JSONPATH), CAST('{"value": "a1"}' AS JSONB)) ORDER BY distance ASC LIMIT 4`,
      [],
      'index-on-expression filter-after-scan: mended',
    ],
    [
      'LangChain PGVectorStore',
      `SELECT "id", "name", "embedding", "metadata", cosine_distance("embedding", $1) as distance FROM "public"."items" WHERE (tenant = 1) ORDER BY "embedding" <=> $1 LIMIT $2;`,
      [],
      'filter-after-scan: mended',
    ],
    [
      'LlamaIndex',
      `SELECT public.items.id, public.items.name, public.items.embedding <=> ${V} AS distance FROM public.items WHERE public.items.metadata->>'author' = 'a1' ORDER BY distance asc LIMIT 2`,
      [],
      'filter-after-scan: mended',
    ],
    [
      'Django, by number',
      `SELECT "items"."id", ("items"."embedding" <=> ${V}::vector) AS "distance" FROM "items" WHERE ("items"."embedding" <=> ${V}::vector) < 0.5 ORDER BY 2 ASC LIMIT 5`,
      [],
      ': index used',
    ],
    [
      'Django, ExpressionWrapper',
      `SELECT "items"."id" FROM "items" ORDER BY (1.0 - ("items"."embedding" <=> ${V})) DESC LIMIT 5`,
      [],
      'order-expression: mended',
    ],
    [
      'SQLAlchemy, subquery',
      `SELECT anon_1.id, anon_1.distance FROM (SELECT items.id AS id, items.embedding <=> $1 AS distance FROM items) AS anon_1 WHERE anon_1.distance < $2 ORDER BY anon_1.distance LIMIT $3`,
      [[2, '0.9']],
      ': index used',
    ],
    [
      'SQLAlchemy, CAST',
      `SELECT items.id FROM items ORDER BY CAST(items.embedding AS VECTOR) <=> CAST(${V} AS VECTOR) LIMIT 5`,
      [],
      ': index used',
    ],
    [
      'Prisma raw',
      `SELECT id, name, 1 - (embedding <=> $1::vector) as similarity FROM items WHERE 1 - (embedding <=> $1::vector) > $2 ORDER BY similarity DESC LIMIT $3;`,
      [[2, '0.1']],
      'order-expression: mended',
    ],
    [
      'Drizzle',
      `select "name", 1 - ("embedding" <=> ${V}) as "similarity" from "items" where 1 - ("embedding" <=> ${V}) > 0.1 order by 1 - ("embedding" <=> ${V}) desc limit 4`,
      [],
      'order-expression: mended',
    ],
    [
      'ActiveRecord neighbor',
      `SELECT "items"."id", "items"."embedding" <=> ${V} AS neighbor_distance FROM "items" WHERE "items"."embedding" IS NOT NULL ORDER BY "items"."embedding" <=> ${V} LIMIT 5`,
      [],
      ': index used',
    ],
    [
      'Laravel',
      `select *, embedding <=> ${V} as neighbor_distance from "items" order by "neighbor_distance" asc, "id" asc limit 5`,
      [],
      'further-keys: mended',
    ],
    [
      'TypeORM',
      `SELECT DISTINCT "distinctAlias"."Item_id" AS "ids_Item_id", "distinctAlias"."dist" FROM (SELECT "Item"."id" AS "Item_id", "Item"."embedding" <=> ${V} AS "dist" FROM "items" "Item") "distinctAlias" ORDER BY "distinctAlias"."dist" ASC, "Item_id" ASC LIMIT 10`,
      [],
      'distinct-rows limit-above-setting: mended',
    ],
    [
      'Spring AI',
      `SELECT *, embedding <=> $1 AS distance FROM public.items WHERE embedding <=> $1 < $2 AND metadata::jsonb @@ '$.author == "a1"'::jsonpath ORDER BY distance LIMIT $3`,
      [[2, '0.9']],
      'filter-after-scan: mended',
    ],
    [
      'LangChain4j',
      `WITH temp AS (SELECT (2 - (embedding <=> ${V})) / 2 AS score, id, embedding, name, metadata FROM items) SELECT * FROM temp WHERE score >= 0.1 ORDER BY score desc LIMIT 3;`,
      [],
      'order-expression: mended',
    ],
    [
      'Mem0',
      `SELECT id, embedding <=> $1::vector AS distance, payload FROM items WHERE payload->>'user_id' = $2 ORDER BY distance LIMIT $3`,
      [[2, 'u1']],
      'filter-after-scan: mended',
    ],
    [
      'Haystack',
      `SELECT *, 1 - (embedding <=> ${V}) AS score FROM "public"."items" ORDER BY score DESC LIMIT 10`,
      [],
      'order-expression: mended',
    ],
    [
      'Supabase, hybrid',
      `with semantic as (select id, row_number() over (order by embedding <=> ${V}) as rank_ix from items order by rank_ix limit 20) select items.* from semantic join items on semantic.id = items.id order by 1.0 / (50 + semantic.rank_ix) desc limit 10`,
      [],
      ': index used',
    ],
  ] as const)('%s', async (_, sql, given, expected) => {
    const report = await explainStatement({
      session,
      sql,
      given: new Map<number, string>(given),
      measure: null,
      deadlineMs: 30_000,
      seed: 1,
      clock: monotonicClock,
      reporter: silentReporter,
    });
    const codes = report.obstacles.map((obstacle) => obstacle.code).join(' ');
    expect(`${codes}: ${report.verdict}`).toBe(expected);
  });
});
