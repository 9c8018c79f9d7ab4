import { expect, it } from 'vitest';
import { lackOf } from '../../src/migrations/index.js';

it.each([
  ['42P01', 'relation "auth.users" does not exist', { kind: 'relation', name: 'auth.users' }],
  ['3F000', 'схема "auth" не существует', { kind: 'schema', name: 'auth' }],
  ['42704', 'type "mood" does not exist', { kind: 'object', name: 'mood' }],
  ['42883', 'function uuid_generate_v4() does not exist', { kind: 'function', name: 'uuid_generate_v4()' }],
  ['0A000', 'extension "pg_ivm" is not available', { kind: 'extension', name: 'pg_ivm' }],
  ['0A000', 'cannot alter type of a column used by a view', null],
  ['23503', 'insert or update on table "a" violates foreign key constraint "b"', null],
  [null, 'whatever', null],
])('%s %s', (sqlstate, message, lack) => {
  expect(lackOf(sqlstate, message)).toEqual(lack);
});
