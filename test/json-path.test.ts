import { describe, expect, it } from 'vitest';
import { columnSql, jsonPathOf, keySql, storedColumn } from '../src/json-path.js';

describe('a path into JSON', () => {
  it.each([
    ["metadata->>'tenant'", 'metadata', ['tenant'], `"metadata"->>'tenant'`],
    ["metadata -> 'author' ->> 'name'", 'metadata', ['author', 'name'], `"metadata"->'author'->>'name'`],
    [`"Meta""data"->>'it''s'`, 'Meta"data', ["it's"], `"Meta""data"->>'it''s'`],
    [String.raw`my data->>'a\b'`, 'my data', [String.raw`a\b`], String.raw`"my data"->>E'a\\b'`],
  ])('is read, and written with quotes: %s', (name, column, keys, sql) => {
    expect(jsonPathOf(name)).toEqual({ column, keys, cast: null });
    expect(storedColumn(name)).toBe(column);
    expect(columnSql(name)).toBe(sql);
    expect(keySql(name)).toBe(`(${sql})`);
  });

  it.each([
    ["(metadata->>'year')::int", 'integer', `("metadata"->>'year')::integer`],
    [
      "( metadata -> 'a' ->> 'b' ) :: Double  Precision",
      'double precision',
      `("metadata"->'a'->>'b')::double precision`,
    ],
  ])('is cast: %s', (name, cast, sql) => {
    expect(jsonPathOf(name)).toMatchObject({ column: 'metadata', cast });
    expect(columnSql(name)).toBe(sql);
    expect(keySql(name)).toBe(`(${sql})`);
  });

  it.each([
    "(metadata->>'day')::date",
    "(metadata->>'year')::int OR true",
    "metadata->>'year'::int",
    '(year)::int',
    'metadata',
    'a-b',
    "metadata->'tenant'",
    'metadata->>tenant',
    "metadata->>'a' OR true",
    "f('x')->>'a'",
  ])('is not what something else is: %s', (name) => {
    expect(jsonPathOf(name)).toBeNull();
    expect(keySql(name)).toBe(`"${name}"`);
  });
});
