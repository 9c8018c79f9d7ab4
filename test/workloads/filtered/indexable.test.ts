import { describe, expect, it } from 'vitest';
import type { Filter } from '../../../src/filter.js';
import { ident } from '../../../src/identifiers.js';
import { createColumnIndexSql } from '../../../src/indexes/index.js';
import { columnIndexes } from '../../../src/workloads/filtered/indexable.js';
import { COLUMNS } from './filtered-data.js';

const tenant: Filter = { column: 'tenant', op: '=', value: 'large' };
const size: Filter = { column: 'size', op: '>=', value: 5 };
const notLarge: Filter = { column: 'size', op: '<', value: 900 };
const owner: Filter = { column: 'owner', op: 'in', value: ['owner 1'] };
const tags: Filter = { column: 'tags', op: 'contains', value: ['a'] };
const unlike: Filter = { column: 'topic', op: '<>', value: 'topic 1' };

const JOIN = { table: 'documents', key: 'document', columns: ['owner'] };

/** `btree items (tenant, size)` */
const indexes = (filter: Filter, options: { join?: typeof JOIN; by?: 'ranges' } = {}): readonly string[] | null =>
  columnIndexes(filter, { columns: COLUMNS, join: null, ...options })?.map(
    ({ method, table, columns }) => `${method} ${table} (${columns.join(', ')})`,
  ) ?? null;

describe('columnIndexes', () => {
  it('puts conditions that must all hold into one index, equalities before ranges', () => {
    expect(indexes({ and: [size, tenant, notLarge, unlike] })).toEqual(['btree items (tenant, size)']);
    expect(indexes({ and: [tenant, { and: [size, tags] }] })).toEqual([
      'btree items (tenant, size)',
      'gin items (tags)',
    ]);
  });

  it('needs one for each side of an alternative', () => {
    expect(indexes({ or: [{ and: [size, tenant] }, owner] })).toEqual([
      'btree items (tenant, size)',
      'btree items (owner)',
    ]);
    expect(indexes({ or: [tenant, { column: 'tenant', op: 'is_null' }] })).toEqual(['btree items (tenant)']);
    expect(indexes({ or: [tenant, unlike] })).toBeNull();
    expect(indexes({ not: tenant })).toBeNull();
  });

  it('finds a member of JSON by the expression, beside columns', () => {
    const source: Filter = { column: "meta->>'source'", op: '=', value: 's1' };
    const [index] = columnIndexes({ and: [size, source] }, { columns: COLUMNS, join: null })!;
    expect(createColumnIndexSql({ name: 'i', spec: index!, quote: ident })).toBe(
      `CREATE INDEX "i" ON "items" USING btree (("meta"->>'source'), "size")`,
    );
  });

  it('reads a range of a cast member along the expression, behind equalities', () => {
    const page: Filter = { column: "(meta->>'page')::int", op: '>=', value: 20 };
    const [index] = columnIndexes({ and: [page, tenant] }, { columns: COLUMNS, join: null })!;
    expect(createColumnIndexSql({ name: 'i', spec: index!, quote: ident })).toBe(
      `CREATE INDEX "i" ON "items" USING btree ("tenant", (("meta"->>'page')::integer))`,
    );
  });

  it('asks for no index where the primary key finds the rows, and puts it behind equalities', () => {
    const options = {
      columns: [...COLUMNS, { name: 'id', type: 'number', sqlType: 'bigint', key: true } as const],
      join: null,
    };
    const listed: Filter = { column: 'id', op: 'in', value: [1, 2] };
    const later: Filter = { column: 'id', op: '>', value: 5 };
    expect(columnIndexes(listed, options)).toEqual([]);
    expect(columnIndexes(later, options)).toEqual([]);
    expect(columnIndexes({ and: [tenant, listed] }, options)).toEqual([]);
    expect(columnIndexes({ or: [later, size] }, options)).toEqual([
      { method: 'btree', table: 'items', columns: ['size'] },
    ]);
    const [both] = columnIndexes({ and: [later, tenant] }, options)!;
    expect(createColumnIndexSql({ name: 'i', spec: both!, quote: ident })).toBe(
      `CREATE INDEX "i" ON "items" USING btree ("tenant", "pgvtune_id")`,
    );
    expect(columnIndexes(later, { ...options, by: 'ranges' })).toBeNull();
    expect(columnIndexes({ not: listed }, options)).toBeNull();
  });

  it('leads from a joined table to the rows', () => {
    expect(indexes({ and: [owner, size] }, { join: JOIN })).toEqual([
      'btree documents (owner)',
      'btree items (size)',
      'btree items (document)',
    ]);
  });

  it('knows ranges of blocks for ranges of values only', () => {
    expect(indexes({ and: [tenant, size] }, { by: 'ranges' })).toEqual(['brin items (size)']);
    expect(indexes(tenant, { by: 'ranges' })).toBeNull();
  });
});
