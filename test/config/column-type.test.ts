import { expect, it } from 'vitest';
import { configOf, forColumnType } from '../../src/config/index.js';

const sampled = (type: string, metric: 'l2' | 'hamming' | null = null) => ({ source: { kind: 'table', type }, metric });

it('indexes a column of halfvec as halfvec', () => {
  expect(forColumnType(configOf({}), sampled('halfvec(768)')).representation).toEqual(['halfvec']);
  expect(forColumnType(configOf({}), sampled('extensions.halfvec(768)')).representation).toEqual(['halfvec']);
  const other = configOf({ representation: ['halfvec', 'bit'] });
  expect(() => forColumnType(other, sampled('halfvec(768)'))).toThrow('is indexed as halfvec');
});

it('leaves a configuration for other vectors as it is', () => {
  const config = configOf({ representation: ['vector', 'bit'] });
  expect(forColumnType(config, sampled('vector(768)', 'l2'))).toBe(config);
  expect(forColumnType(config, { source: { format: 'jsonl' }, metric: null })).toBe(config);
});

it('refuses what no index of the run could be put on', () => {
  expect(() => forColumnType(configOf({}), sampled('sparsevec(1000)'))).toThrow('column of type sparsevec(1000)');
  expect(() => forColumnType(configOf({}), sampled('bit(64)'))).toThrow('is not compared by cosine');
  expect(() => forColumnType(configOf({}), sampled('vector(64)', 'hamming'))).toThrow('is not compared by hamming');
  expect(forColumnType(configOf({}), sampled('bit(64)', 'hamming')).metric).toBeUndefined();
});

it('never builds on the server whose table is sampled', () => {
  const dataset = { table: 'app.items' };
  expect(configOf({ dataset }).dataset).toMatchObject({ server: 'env', rows: 100_000, deadline: 30_000 });
  expect(() => configOf({ dataset, server: 'env' })).toThrow('are built on a server of their own');
  expect(() => configOf({ dataset, server: 'postgres://u:secret@h/db' })).toThrow(
    /^(?!.*secret).*server of their own/s,
  );
  expect(() => configOf({ dataset, records: 'a.jsonl' })).toThrow('Expected a file as the dataset');
  expect(configOf({ dataset, queries: 'q.jsonl' }).queries).toBe('q.jsonl');
});
