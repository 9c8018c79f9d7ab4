import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commentedConfig, configJsonSchema, expandIndexes, resolveConfig } from '../../src/config/index.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pgvtune-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function yaml(text: string): string {
  const file = join(folder, 'pgvtune.yaml');
  writeFileSync(file, text);
  return file;
}

describe('resolveConfig', () => {
  it('has a default for everything', () => {
    const config = resolveConfig(null, {});
    expect(config).toMatchObject({ server: 'auto', k: 10, target: { recall: 0.95 } });
    expect(config.dataset).toHaveProperty('generate.rows');
  });

  it('lets the command line win over the file, key by key', () => {
    const file = yaml('k: 20\ntarget: { recall: 0.9, p95: 20ms }\n');
    const config = resolveConfig(file, { target: { recall: 0.99 } });
    expect(config.k).toBe(20);
    expect(config.target).toEqual({ recall: 0.99, confidence: 0.95, p95: 20, minimise: 'p95' });
  });

  it('reads sizes and durations as bytes and milliseconds', () => {
    const file = yaml('target: { p95: 1.5s, index_size: 2GB, build_memory: 512MB }\n');
    expect(resolveConfig(file, {}).target).toMatchObject({ p95: 1500, index_size: 2 ** 31, build_memory: 2 ** 29 });
  });

  it.each([
    ['target:\n  recall: 1.5\n', 'line 2, target.recall'],
    ['k: 10\ntarget:\n  p95: 20mss\n', 'line 3, target.p95: Expected a duration such as "20ms", got "20mss"'],
    ['k: 10\nindexs: []\n', 'There is no key "indexs" here; did you mean "indexes"?'],
    ['indexes:\n  - hnsw: { m: 1 }\n', 'line 2, indexes.0.hnsw.m'],
    ['indexes:\n  - hnsw: {}\n    ivfflat: {}\n', 'one kind of index an entry'],
    ['k: 10\nrows_budget: 5\n', 'line 2, rows_budget: Expected at least 2000, got 5.'],
    ['rows_budget: many\n', 'rows_budget: Expected a number of rows such as "5M", got "many"'],
    ['k: [1, 2\n', 'pgvtune.yaml'],
    ['- 1\n- 2\n', 'expected keys and values'],
    ['a: &a [1]\nk: *a\n', 'aliases (*name) are not allowed'],
  ])('refuses %j with the place', (text, message) => {
    expect(() => resolveConfig(yaml(text), {})).toThrow(message);
  });

  it('names the flag when the command line is wrong', () => {
    expect(() => resolveConfig(null, { k: 5000 })).toThrow(
      /--k: Expected at most 1000, got 5000\. An HNSW index returns/,
    );
    expect(() => resolveConfig(null, { target: { recall: 95 } })).toThrow(
      '--recall: Expected at most 1, got 95. It is a share: write 0.95 for 95 %.',
    );
    // A flag that takes a list is called by its name, also where the file has the group that it belongs to.
    const file = yaml('measure:\n  seconds: 1\n');
    expect(() => resolveConfig(file, { measure: { concurrency: [1, 0] } })).toThrow(
      /^--concurrency: Expected at least 1, got 0\.$/,
    );
    expect(() => resolveConfig(yaml('k: 10\nmeasure:\n  concurency: [1]\n'), {})).toThrow(
      /line 3, measure\.concurency: There is no key "concurency" here; did you mean "concurrency"\?/,
    );
  });

  it.each([
    ['layout: partitioned\n', 'line 1, layout: Expected partitions beside it, such as partitions: 4.'],
    ['partitions: 4\n', 'line 1, partitions: Expected layout: partitioned beside it.'],
    ['layout: single\npartitions: 4\n', 'line 2, partitions: Expected layout: partitioned beside it.'],
    ['layout: partitioned\npartitions: 1\n', 'line 2, partitions: '],
    ['layout: partitioned\npartitions: 65\n', 'line 2, partitions: '],
    ['layout: sharded\n', 'line 1, layout: Expected shards beside it, such as shards: [local, local].'],
    ['shards: [local]\n', 'line 1, shards: Expected layout: sharded beside it.'],
    ['layout: partitioned\npartitions: 4\nshards: [local]\n', 'line 3, shards: Expected layout: sharded beside it.'],
    ['layout: sharded\nshards: []\n', 'line 2, shards: '],
    ['layout: divided\n', 'line 1, layout: '],
  ])('refuses partitions without their layout, and the other way round: %j', (text, message) => {
    expect(() => resolveConfig(yaml(text), {})).toThrow(message);
  });

  it('refuses a file that is not there with a hint', () => {
    expect(() => resolveConfig(join(folder, 'none.yaml'), {})).toThrow('Cannot read the configuration');
  });
});

describe('expandIndexes', () => {
  it('multiplies values and representations out', () => {
    const file = yaml(`representation: [vector, halfvec]
indexes:
  - hnsw: { m: [8, 16], ef_construction: [64, 128], ef_search: [80, 40, 40] }
  - ivfflat: { lists: 100 }
`);
    const named = expandIndexes(resolveConfig(file, {})) ?? [];
    expect(named).toHaveLength(10);
    expect(named[0]).toEqual({
      spec: { method: 'hnsw', representation: 'vector', parameters: { m: 8, ef_construction: 64 } },
      knob: 'ef_search',
      values: [40, 80],
    });
    expect(named.at(-1)).toEqual({
      spec: { method: 'ivfflat', representation: 'halfvec', parameters: { lists: 100 } },
      knob: 'probes',
      values: null,
    });
  });

  it('takes words, fractions and lists of numbers, one or several', () => {
    const file = yaml(`indexes:
  - diskann: { storage_layout: [plain, memory_optimized], max_alpha: [1, 1.5], query_rescore: [400, 50] }
  - vchordrq: { lists: [1000], residual_quantization: true, probes: [20, 10] }
  - vchordrq: { epsilon: 1.5 }
  - vchordrq: { lists: [[10, 1000]], probes: ["2,20", "4, 40"] }
  - vchordg: { alpha: [1, 1.2, 1.4] }
`);
    const named = expandIndexes(resolveConfig(file, {})) ?? [];
    expect(
      named.slice(0, 4).map(({ spec: { parameters } }) => [parameters['storage_layout'], parameters['max_alpha']]),
    ).toEqual([
      ['plain', 1],
      ['plain', 1.5],
      ['memory_optimized', 1],
      ['memory_optimized', 1.5],
    ]);
    expect(named.map(({ knob, values }) => [knob, values])).toEqual([
      ...Array.from({ length: 4 }, () => ['query_rescore', [50, 400]]),
      ['probes', [10, 20]],
      ['epsilon', [1.5]],
      ['probes', ['2,20', '4, 40']],
      ['ef_search', null],
    ]);
    expect(named.map(({ spec: { parameters } }) => parameters['lists'] ?? parameters['alpha'])).toEqual([
      ...Array.from({ length: 4 }),
      '[1000]',
      '[]',
      '[10, 1000]',
      '[1.0, 1.2, 1.4]',
    ]);
    expect(named[4]!.spec.parameters['residual_quantization']).toBe('true');
  });

  it.each([
    ['{ lists: [1000], epsilon: 1.5 }', 'Expected values of probes for vchordrq'],
    ['{ lists: [10, 1000], probes: 20 }', 'Expected as many numbers of probes'],
    ['{ lists: [1000], probes: "2,20" }', 'Expected as many numbers of probes'],
    ['{ lists: [0] }', 'indexes.0.vchordrq.lists'],
    ['{ residual_quantization: maybe }', 'indexes.0.vchordrq.residual_quantization'],
  ])('refuses vchordrq %s', (text, message) => {
    expect(() => expandIndexes(resolveConfig(yaml(`indexes: [{ vchordrq: ${text} }]\n`), {}))).toThrow(message);
  });

  it('takes a subvector with its dimensions, one or several', () => {
    const file = yaml('representation: [bit, { subvector: [64, 128] }]\nindexes: [{ hnsw: {} }]\n');
    expect(expandIndexes(resolveConfig(file, {}))?.map(({ spec }) => spec)).toMatchObject([
      { representation: 'bit' },
      { representation: 'subvector', dimensions: 64 },
      { representation: 'subvector', dimensions: 128 },
    ]);
    expect(() => resolveConfig(yaml('representation: [subvector]\n'), {})).toThrow('representation.0');
  });

  it('is null when the configuration names no index', () => {
    expect(expandIndexes(resolveConfig(null, {}))).toBeNull();
  });
});

describe('commentedConfig', () => {
  it('is a configuration that means the defaults', () => {
    expect(resolveConfig(yaml(commentedConfig()), {})).toEqual(resolveConfig(null, {}));
  });

  it('stays a configuration when its comments are taken off', () => {
    const uncommented = commentedConfig()
      .replaceAll(/^(\s*)# (?=(\s*)(-\s)?[a-z_0-9]+:)/gm, '$1')
      .replaceAll(/^ *# .*$/gm, '')
      // These belong to a file, and what is shown of the dataset is the generator; shards exclude partitions.
      .replaceAll(/^(?:queries|records|query_records|shards):.*$/gm, '');
    const config = resolveConfig(yaml(uncommented), {});
    expect(config.target.p95).toBe(20);
    expect(config.indexes?.flatMap(Object.keys)).toEqual(['hnsw', 'ivfflat', 'diskann', 'vchordrq', 'vchordg']);
    expect(config.workloads.map((workload) => Object.keys(workload)[0])).toEqual(['plain', 'filtered', 'hybrid']);
    const { dataset } = config;
    const { attributes, text } = typeof dataset === 'object' && 'generate' in dataset ? dataset.generate : {};
    expect(Object.values(attributes ?? {}).map(({ kind }) => kind)).toEqual(Object.keys(attributes ?? {}));
    expect(Object.keys(attributes ?? {})).toHaveLength(8);
    expect(text?.words).toBe(60);
  });

  it('shows every key, at any depth', () => {
    const keysOf = (schema: unknown): string[] => {
      if (typeof schema !== 'object' || schema === null) return [];
      if (Array.isArray(schema)) return schema.flatMap(keysOf);
      return Object.entries(schema).flatMap(([name, part]) =>
        name === 'properties'
          ? [...Object.keys(part as object), ...keysOf(Object.values(part as object))]
          : keysOf(part),
      );
    };
    const keys = new Set(keysOf(configJsonSchema()));
    expect(keys).toContain('near_duplicates');
    expect(keys).toContain('judgements');
    const text = commentedConfig();
    // `or` combines filters as `and` does.
    expect([...keys].filter((key) => key !== 'or' && !new RegExp(`[\\s{]${key}:`).test(text))).toEqual([]);
  });
});
