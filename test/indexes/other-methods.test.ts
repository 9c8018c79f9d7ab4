import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createIndexSql,
  gucs,
  indexKind,
  indexKinds,
  listOf,
  listText,
  optionsOf,
  parametersOf,
  predictIndex,
  type SpecContext,
  validateSpec,
} from '../../src/indexes/index.js';
import { storageParameters } from '../../src/postgres/index.js';
import type { IndexParameters, IndexSpec } from '../../src/vocabulary.js';

const spec = (method: string, parameters: IndexParameters = {}, change: Partial<IndexSpec> = {}): IndexSpec => ({
  method,
  representation: 'vector',
  parameters: { ...parameters },
  ...change,
});
const create = (index: IndexSpec): string | null =>
  createIndexSql({ name: 'i', table: 't', column: 'v', dimensions: 768, metric: 'cosine', spec: index });
const others = indexKinds.filter(({ extension }) => extension !== 'vector');
const context: SpecContext = {
  dimensions: 768,
  metric: 'cosine',
  rows: 100_000,
  pgvector: '0.8.0',
  extensions: { vector: '0.8.0', vectorscale: '0.9.0', vchord: '1.1.1' },
};

describe('statements', () => {
  it('write the parameters of pgvectorscale out, fractions as they are', () => {
    expect(create(spec('diskann', { storage_layout: 'plain', max_alpha: 1.5 }))).toBe(
      'CREATE INDEX i ON t USING diskann (v vector_cosine_ops) WITH (storage_layout = plain, num_neighbors = -1, ' +
        'search_list_size = 100, max_alpha = 1.5, num_dimensions = 0, num_bits_per_dimension = 0)',
    );
  });

  it('write those of VectorChord as one document', () => {
    expect(create(spec('vchordrq', { lists: '[10, 1000]', residual_quantization: 'true' }))).toBe(`\
CREATE INDEX i ON t USING vchordrq (v vector_cosine_ops) WITH (options = $$
residual_quantization = true
rerank_in_table = false
build.internal.lists = [10, 1000]
build.internal.spherical_centroids = false
build.internal.sampling_factor = 256
build.internal.kmeans_iterations = 10
build.internal.build_threads = 1
$$)`);
    expect(create(spec('vchordg', {}, { representation: 'halfvec' }))).toBe(`\
CREATE INDEX i ON t USING vchordg ((v::halfvec(768)) halfvec_cosine_ops) WITH (options = $$
bits = 2
m = 32
alpha = [1.0, 1.2]
ef_construction = 64
beam_construction = 1
$$)`);
  });
});

describe('storage parameters', () => {
  it.each(others)('of $name read back as they were written', (kind) => {
    const options = optionsOf(kind, parametersOf(kind, spec(kind.name)));
    // Between its dollars a document has lines of its own.
    const stored = Object.entries(kind.storage.write(options)).map(([name, value]) =>
      value.includes('\n') ? `${name}=\n${value}\n` : `${name}=${value}`,
    );
    const read = kind.storage.read(storageParameters(stored));
    expect(read).toEqual(Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)])));
  });

  it('are read from TOML as people write it', () => {
    const { storage } = indexKind('vchordrq');
    const options = `
residual_quantization=true # as for L2
[build.internal]
lists = [ 4096 ]
[ build . "internal" ]
spherical_centroids = true`;
    expect(storage.read({ options, probes: '10' })).toEqual({
      residual_quantization: 'true',
      'build.internal.lists': '[ 4096 ]',
      'build.internal.spherical_centroids': 'true',
      probes: '10',
    });
    expect(storage.read({})).toEqual({});
  });
});

it('lists are read as they are written', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 2 ** 24 })), fc.boolean(), (members, integer) => {
      expect(listOf(listText(members, { integer }))).toEqual(members);
    }),
  );
  expect(listText([1, 1.25], { integer: false })).toBe('[1.0, 1.25]');
  expect(['10,40', '', '10,', 'a'].map(listOf)).toEqual([[10, 40], [], null, null]);
});

describe('refusals', () => {
  it.each(others)('$name with its defaults is none', ({ name }) => {
    expect(() => validateSpec(spec(name), context)).not.toThrow();
  });

  it.each<[IndexSpec, Partial<SpecContext>, string]>([
    [
      spec('diskann'),
      { extensions: { vector: '0.8.0' } },
      'The server has no extension "vectorscale"; DiskANN belongs to it.',
    ],
    [
      spec('vchordg'),
      { extensions: { vchord: '0.4.3' } },
      'Expected vchord 0.5.0 or later for vchordg, the server has 0.4.3.',
    ],
    [
      spec('diskann', { storage_layout: 'disk' }),
      {},
      'Expected storage_layout to be one of memory_optimized, plain, got disk.',
    ],
    [spec('diskann', { max_alpha: 5.5 }), {}, 'Expected max_alpha to be a number from 1 to 5, got 5.5.'],
    [spec('diskann', { num_neighbors: 5 }), {}, 'Expected num_neighbors to be -1 or at least 10, got 5.'],
    [
      spec('diskann', { storage_layout: 'plain' }),
      { dimensions: 3072 },
      'Expected at most 2000 dimensions for storage_layout plain, got 3072.',
    ],
    [
      spec('diskann', { storage_layout: 'plain' }),
      { metric: 'ip' },
      'DiskANN with storage_layout plain has no inner product.',
    ],
    [spec('diskann', {}, { representation: 'halfvec' }), {}, 'Expected a representation of DiskANN, got "halfvec".'],
    [spec('diskann'), { metric: 'hamming' }, 'Expected a representation of DiskANN, got "vector".'],
    [
      spec('vchordrq', { lists: '[1000, 10]' }),
      {},
      'Expected lists to be a list of at most 8 whole numbers from 1 to 16777216, ascending, got [1000, 10].',
    ],
    [spec('vchordrq', { lists: '[200000]' }), {}, 'Expected at most as many lists as rows, got 200000 for 100000.'],
    [spec('vchordg', { alpha: '[1.2]' }), {}, 'Expected alpha to begin with 1.0, got [1.2].'],
  ])('%o', (index, change, message) => {
    expect(() => validateSpec(index, { ...context, ...change })).toThrow(message);
  });

  it('need no extension that nobody asked the server about', () => {
    const { extensions: _, ...unknown } = context;
    expect(() => validateSpec(spec('diskann'), unknown)).not.toThrow();
  });

  it('say that nothing predicts the size', () => {
    const server = { maintenanceWorkMemBytes: 2 ** 26, maxParallelMaintenanceWorkers: 0, pgVersion: 17 };
    for (const { name, title } of others)
      expect(() => predictIndex({ rows: 1000, dimensions: 8, spec: spec(name), ...server })).toThrow(
        `Nothing predicts the size of ${title} indexes.`,
      );
  });
});

it('search settings are those of the library', () => {
  expect(gucs('diskann', { query_rescore: 0, query_search_list_size: 10_000 })).toEqual({
    'diskann.query_rescore': '0',
    'diskann.query_search_list_size': '10000',
  });
  expect(gucs('vchordrq', { probes: '10,40', epsilon: 1.5, prefilter: 'on' })).toEqual({
    'vchordrq.probes': '10,40',
    'vchordrq.epsilon': '1.5',
    'vchordrq.prefilter': 'on',
  });
  for (const probes of ['10,', '0', 'many', 0])
    expect(() => gucs('vchordrq', { probes })).toThrow('Expected probes to be');
});
