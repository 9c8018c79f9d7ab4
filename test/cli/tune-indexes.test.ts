import { expect, it } from 'vitest';
import type { Index } from '../../src/audit/index.js';
import { sampleConfig, whatIsKept } from '../../src/cli/commands/audit/tune-indexes.js';
import { configOf } from '../../src/config/index.js';

const column = (typeName: string, typeModifier = 64) => ({
  tableOid: 1,
  number: 2,
  name: 'Vec',
  typeName,
  typeModifier,
});

const index = (operatorClass: string, key: Partial<Index['keys'][number]> = {}, predicate: string | null = null) =>
  ({
    tableOid: 1,
    columns: [2],
    predicate,
    keys: [{ column: 2, operatorClass, typeName: 'vector', typeModifier: 64, ...key }],
  }) as unknown as Index;

const kept = (of: Index, typeName: string) => whatIsKept(of, { columns: [column(typeName)] as never });

it('tunes for the column or expression, the metric and the precision that an index has', () => {
  const vector = { column: 'Vec', representation: 'vector' };
  expect(kept(index('vector_cosine_ops'), 'vector')).toEqual({ ...vector, metric: 'cosine' });
  expect(kept(index('bit_hamming_ops'), 'bit')).toEqual({ ...vector, metric: 'hamming' });
  const half = { column: 'Vec', representation: 'halfvec', metric: 'l2' };
  expect(kept(index('halfvec_l2_ops'), 'halfvec')).toEqual(half);
  expect(kept(index('halfvec_l2_ops', { column: 0, typeName: 'halfvec' }), 'vector')).toEqual(half);
});

it('does not tune sparse vectors, and indexes whose rows are re-ranked', () => {
  expect(kept(index('sparsevec_l2_ops'), 'sparsevec')).toBeNull();
  expect(kept(index('bit_hamming_ops', { column: 0, typeName: 'bit' }), 'vector')).toBeNull();
  expect(kept(index('vector_l2_ops', { column: 0, typeModifier: 32 }), 'vector')).toBeNull();
});

it('asks for what a configuration may say: graphs alone for a part of the rows, and the rows of a partial index', () => {
  const of = index('vector_cosine_ops', {}, '(open AND id > 3)');
  const where = { server: 'env', deadline: '30s', budgetSeconds: 41.6666, table: 'app."Docs"' };
  const config = (tableRows: number) => configOf(sampleConfig(of, kept(of, 'vector')!, { ...where, tableRows }));
  expect(config(1e6)).toMatchObject({
    server: 'auto',
    dataset: { table: 'app."Docs"', server: 'env', where: '(open AND id > 3)', rows: 20_000, control: 0 },
    metric: 'cosine',
    budget: 42_000,
  });
  expect(new Set(config(1e6).indexes!.flatMap((one) => Object.keys(one)))).toEqual(new Set(['hnsw']));
  expect(config(20_000).indexes).toBeUndefined();
});
