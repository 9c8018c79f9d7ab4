import { describe, expect, it } from 'vitest';
import { emptyDatabase, roleNames } from '../../../src/experiment/migrations/empty-database.js';
import { hasLocal, sharedServer } from '../../support/servers.js';

describe.runIf(await hasLocal())('emptyDatabase', () => {
  const server = sharedServer('local');

  it('drops an index before the extension that its options come from', async () => {
    const session = await server().connect('empty');
    const roles = await roleNames(session);
    for (const statement of [
      // PostgreSQL 15 fails to drop their schema: "cache lookup failed for function", that of the options of the index.
      'CREATE TABLE categories (id serial PRIMARY KEY, slug text UNIQUE)',
      'CREATE EXTENSION ltree SCHEMA public',
      'ALTER TABLE categories ADD COLUMN path ltree NOT NULL',
      'CREATE INDEX ON categories USING gist (path)',
      'CREATE TABLE parted (a int) PARTITION BY LIST (a)',
      'CREATE TABLE part PARTITION OF parted FOR VALUES IN (1)',
      'CREATE SCHEMA "Other"',
      'CREATE MATERIALIZED VIEW "Other"."Seen" AS SELECT * FROM categories',
      'CREATE ROLE scratch_role',
      'GRANT SELECT ON categories TO scratch_role',
      'CREATE TEMP TABLE left_over (a int)',
      'SET check_function_bodies = off',
    ])
      await session.query(statement);
    await emptyDatabase(session, roles);
    const left = await session.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE oid >= 16384 AND relnamespace::regnamespace::text !~ '^pg_toast'
       UNION ALL SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'
       UNION ALL SELECT rolname FROM pg_roles WHERE rolname = 'scratch_role'
       UNION ALL SELECT name FROM pg_settings WHERE name = 'check_function_bodies' AND setting = 'off'`,
    );
    expect(left).toEqual([]);
    await session.close();
  });
});
