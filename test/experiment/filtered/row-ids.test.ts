import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/index.js';
import type { Dataset, RowData } from '../../../src/datasets/index.js';
import type { Filter } from '../../../src/filter.js';
import { withRowIds } from '../../../src/experiment/index.js';

const names = {
  schema: 'app',
  table: 'items',
  column: 'embedding',
  key: '"Chunk"',
  isPrimaryKey: true,
  text: null,
  rows: 3,
};
const table = (more: object = {}) => ({ kind: 'table', names: { ...names, ...more } });

function dataset(ids: readonly RowData['id'][], source: unknown = {}, attributes: object = {}): Dataset {
  const rows = async function* () {
    for (const id of ids) yield { id, text: null, attributes: { ...attributes } };
  };
  const columns = Object.keys(attributes).map((name) => ({ name, type: 'number' }));
  return { manifest: { source, columns }, rows, queryRows: rows } as unknown as Dataset;
}

const asking = (column: string): Config => {
  const filter: Filter = { and: [{ column, op: '>', value: 5 }] };
  return { workloads: [{ plain: {} }, { filtered: { filters: { a: filter } } }] } as unknown as Config;
};

async function columnOf(from: Dataset, column = 'id') {
  const found = await withRowIds(from, asking(column));
  const first = await found.rows()[Symbol.asyncIterator]().next();
  return { column: found.manifest.columns.at(-1), first: (first.value as RowData).attributes[column] };
}

describe('ids as a column to filter by', () => {
  it('have the type of their values', async () => {
    const key = true;
    expect(await columnOf(dataset([7, 9]))).toEqual({
      column: { name: 'id', type: 'number', sqlType: 'bigint', key },
      first: 7,
    });
    expect(await columnOf(dataset(['a', 9]))).toEqual({ column: { name: 'id', type: 'text', key }, first: 'a' });
    const uuid = '00000000-0000-4000-8000-00000000000a';
    expect(await columnOf(dataset([uuid]))).toMatchObject({ column: { type: 'text', sqlType: 'uuid', key } });
  });

  it('are called as the primary key of the table that they were read from', async () => {
    expect(await columnOf(dataset([7], table()), 'Chunk')).toMatchObject({ column: { name: 'Chunk' }, first: 7 });
    await expect(columnOf(dataset([7], table()))).rejects.toMatchObject({ hint: expect.stringContaining('Chunk') });
    const without = [table({ isPrimaryKey: false }), { kind: 'view' }, { kind: 'query' }];
    for (const source of without) await expect(columnOf(dataset([7], source))).rejects.toThrow('no column "id"');
  });

  it('are an attribute of that name where that is the same', async () => {
    expect(await columnOf(dataset([7], {}, { id: 7 }))).toMatchObject({ column: { name: 'id', key: true }, first: 7 });
    const other = await columnOf(dataset([7], {}, { id: 8 }));
    expect(other).toEqual({ column: { name: 'id', type: 'number' }, first: 8 });
  });

  it('are not compared where double precision would round them', async () => {
    await expect(columnOf(dataset([1, '9007199254740993']))).rejects.toThrow('beyond 2^53');
  });

  it('are not read where no filter asks for them', async () => {
    const from = dataset([7]);
    expect(await withRowIds(from, asking('tenant'))).toBe(from);
  });
});
