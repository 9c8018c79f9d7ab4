import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PgvtuneError } from '../../src/errors.js';
import {
  buildFindings,
  createIndexSql,
  gucs,
  indexedExpression,
  indexKind,
  indexKinds,
  kindOfIndex,
  operatorFor,
  orderByExpression,
  parametersOf,
  readmeLists,
  readmeProbes,
  recallKnob,
  squareRootLists,
  validateSpec,
  usualRepresentations,
} from '../../src/indexes/index.js';
import { findings } from '../../src/results/index.js';
import type { IndexParameters, IndexSpec, Metric, Representation } from '../../src/vocabulary.js';

const spec = (
  method: string,
  parameters: IndexParameters = {},
  representation: Representation = 'vector',
): IndexSpec => ({
  method,
  representation,
  parameters: { ...parameters },
});

function refusal(work: () => unknown): PgvtuneError {
  try {
    work();
  } catch (error) {
    if (error instanceof PgvtuneError) return error;
    throw error;
  }
  throw new Error('Expected a refusal.');
}

describe('numbers that halfvec cannot hold', () => {
  const context = {
    dimensions: 8,
    metric: 'l2' as const,
    beyondHalf: { table: 'base' as const, row: 1234, value: 7e4 },
  };

  it('refuse an index on halfvec, by row and value', () => {
    const error = refusal(() => validateSpec(spec('hnsw', {}, 'halfvec'), context));
    expect(error.message).toBe('Expected numbers within ±65,504 for halfvec, got 70000 in row 1,234.');
  });

  it('leave the others alone', () => {
    for (const representation of ['vector', 'bit'] as const)
      expect(() => validateSpec(spec('hnsw', {}, representation), context)).not.toThrow();
    expect(() => validateSpec(spec('hnsw', {}, 'halfvec'), { ...context, beyondHalf: undefined })).not.toThrow();
  });
});

describe('registry', () => {
  it('knows the exact scan, the methods of pgvector, pgvectorscale and VectorChord', () => {
    expect(indexKinds.map((kind) => kind.name)).toEqual(['none', 'hnsw', 'ivfflat', 'diskann', 'vchordrq', 'vchordg']);
  });

  it('tells an access method by its extension', () => {
    expect(kindOfIndex({ method: 'diskann', extension: 'vectorscale' })?.name).toBe('diskann');
    expect(kindOfIndex({ method: 'diskann', extension: 'pg_diskann' })).toBeUndefined();
    expect(kindOfIndex({ method: 'hnsw', extension: null })).toBeUndefined();
  });

  it('refuses an unknown method and names the known ones', () => {
    const error = refusal(() => indexKind('scann'));
    expect(error.code).toBe('usage');
    expect(error.message).toBe('Expected an index method, got "scann".');
    expect(error.hint).toBe('Use one of none, hnsw, ivfflat, diskann, vchordrq, vchordg.');
  });

  it('knows which knob buys recall', () => {
    expect(indexKinds.map((kind) => recallKnob(kind)?.guc)).toEqual([
      undefined,
      'hnsw.ef_search',
      'ivfflat.probes',
      'diskann.query_rescore',
      'vchordrq.epsilon',
      'vchordg.ef_search',
    ]);
    const ofLists = (lists: string) => recallKnob(indexKind('vchordrq'), { lists })?.guc;
    expect(['[]', '[1000]', '[10, 1000]'].map(ofLists)).toEqual(['vchordrq.epsilon', 'vchordrq.probes', undefined]);
  });

  it('knows that HNSW returns at most ef_search rows, unless it may go on', () => {
    const { mostRows } = indexKind('hnsw');
    expect(mostRows({})).toBe(40);
    expect(mostRows({ ef_search: 10 })).toBe(10);
    expect(mostRows({ ef_search: 10, iterative_scan: 'off' })).toBe(10);
    expect(mostRows({ ef_search: 10, iterative_scan: 'relaxed_order' })).toBe(Infinity);
    expect(indexKind('ivfflat').mostRows({ probes: 1 })).toBe(Infinity);
  });

  it('understands what a build says', () => {
    const found = buildFindings([
      'hnsw graph no longer fits into maintenance_work_mem after 9013 tuples',
      'table "t" does not exist, skipping',
      'ivfflat index created with little data',
    ]);
    expect(found).toEqual([findings.hnswBuildSpilled.of({ rows: 9013 }), findings.ivfflatLittleData.of({})]);
  });
});

describe('rules of thumb', () => {
  it.each([
    [500, 1, 22],
    [32_074, 32, 179],
    [1_000_000, 1000, 1000],
    [4_000_000, 2000, 2000],
  ])('%i rows: %i lists by the README, %i by the square root', (rows, readme, root) => {
    expect([readmeLists(rows), squareRootLists(rows)]).toEqual([readme, root]);
  });

  it('takes the root of the lists for probes', () => {
    expect([1, 32, 1000].map(readmeProbes)).toEqual([1, 6, 32]);
  });

  it('offers each setting once, defaults first, all of them valid', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000_000_000 }), (rows) => {
        for (const kind of indexKinds) {
          const points = kind.startingPoints(rows);
          const texts = points.map(({ parameters, settings }) => JSON.stringify([parameters, settings]));
          expect(new Set(texts).size).toBe(points.length);
          for (const { parameters, settings } of points) {
            validateSpec(spec(kind.name, parameters), { dimensions: 64, metric: 'l2', rows });
            gucs(kind.name, settings);
          }
        }
      }),
      { seed: 1 },
    );
    expect(
      indexKind('ivfflat')
        .startingPoints(32_074)
        .map((point) => point.parameters['lists']),
    ).toEqual([100, 32, 179]);
  });
});

describe('SQL', () => {
  const cut = (representation: Representation): { dimensions?: number } =>
    representation === 'subvector' ? { dimensions: 96 } : {};
  const index = { name: '"i"', table: '"s"."t"', column: 'embedding', dimensions: 384, metric: 'cosine' as const };

  it.each([
    ['hnsw', 'vector', 'USING hnsw (embedding vector_cosine_ops) WITH (m = 16, ef_construction = 64)'],
    [
      'hnsw',
      'halfvec',
      'USING hnsw ((embedding::halfvec(384)) halfvec_cosine_ops) WITH (m = 16, ef_construction = 64)',
    ],
    ['ivfflat', 'bit', 'USING ivfflat ((binary_quantize(embedding)::bit(384)) bit_hamming_ops) WITH (lists = 100)'],
    [
      'ivfflat',
      'subvector',
      'USING ivfflat ((subvector(embedding, 1, 96)::vector(96)) vector_cosine_ops) WITH (lists = 100)',
    ],
  ] as const)('%s on %s: %s', (method, representation, rest) => {
    const stored = { ...spec(method, {}, representation), ...cut(representation) };
    expect(createIndexSql({ ...index, spec: stored })).toBe(`CREATE INDEX "i" ON "s"."t" ${rest}`);
  });

  it('builds concurrently when asked, and nothing for the exact scan', () => {
    const sql = createIndexSql({ ...index, spec: spec('ivfflat', { lists: 7 }), concurrently: true });
    expect(sql).toBe(
      'CREATE INDEX CONCURRENTLY "i" ON "s"."t" USING ivfflat (embedding vector_cosine_ops) WITH (lists = 7)',
    );
    expect(createIndexSql({ ...index, spec: spec('none') })).toBeNull();
  });

  it.each([
    ['vector', 'embedding <=> $1::vector'],
    ['halfvec', '(embedding::halfvec(384)) <=> ($1::vector::halfvec(384))'],
    ['bit', '(binary_quantize(embedding)::bit(384)) <~> (binary_quantize($1::vector)::bit(384))'],
    ['subvector', '(subvector(embedding, 1, 96)::vector(96)) <=> (subvector($1::vector, 1, 96)::vector(96))'],
  ] as const)('orders %s by the expression that is indexed', (representation, expected) => {
    const options = {
      spec: { representation, ...cut(representation) },
      metric: 'cosine' as const,
      column: 'embedding',
      dimensions: 384,
    };
    expect(orderByExpression({ ...options, query: '$1::vector' })).toBe(expected);
    expect(expected.startsWith(indexedExpression(options))).toBe(true);
  });

  it('looks at representations that can save something, the column’s own first', () => {
    expect(usualRepresentations(384, 'l2')).toEqual([
      { representation: 'vector' },
      { representation: 'halfvec' },
      { representation: 'bit' },
      { representation: 'subvector', dimensions: 96 },
    ]);
    expect(usualRepresentations(128, 'l2').map(({ representation }) => representation)).toEqual([
      'vector',
      'halfvec',
      'bit',
    ]);
    expect(usualRepresentations(16_000, 'l2').at(-1)).toEqual({ representation: 'subvector', dimensions: 2000 });
  });

  it('has an operator for every metric', () => {
    const metrics: Metric[] = ['l2', 'ip', 'cosine', 'l1', 'hamming', 'jaccard'];
    expect(metrics.map(operatorFor)).toEqual(['<->', '<#>', '<=>', '<+>', '<~>', '<%>']);
  });
});

describe('search settings', () => {
  it('become the names and values that the server knows', () => {
    expect(gucs('hnsw', { ef_search: 40, iterative_scan: 'strict_order', scan_mem_multiplier: 1.5 })).toEqual({
      'hnsw.ef_search': '40',
      'hnsw.iterative_scan': 'strict_order',
      'hnsw.scan_mem_multiplier': '1.5',
    });
    expect(gucs('none', {})).toEqual({});
  });

  it.each([
    ['hnsw', { ef_serch: 40 }, 'Expected a search setting of HNSW, got "ef_serch".'],
    ['hnsw', { ef_search: 5000 }, 'Expected ef_search to be a whole number from 1 to 1000, got "5000".'],
    ['hnsw', { ef_search: 40.5 }, 'Expected ef_search to be a whole number from 1 to 1000, got "40.5".'],
    ['hnsw', { ef_search: '40' }, 'Expected ef_search to be a whole number from 1 to 1000, got "40".'],
    [
      'hnsw',
      { scan_mem_multiplier: Number.NaN },
      'Expected scan_mem_multiplier to be a number from 1 to 1000, got "NaN".',
    ],
    [
      'ivfflat',
      { iterative_scan: 'strict_order' },
      'Expected iterative_scan to be one of off, relaxed_order, got "strict_order".',
    ],
    ['none', { probes: 1 }, 'Expected a search setting of exact scan, got "probes".'],
  ])('%s %j is refused', (method, settings, message) => {
    const error = refusal(() => gucs(method, settings));
    expect(error.code).toBe('usage');
    expect(error.message).toBe(message);
    expect(error.hint).toBeDefined();
  });
});

describe('validateSpec', () => {
  const context = { dimensions: 384, metric: 'cosine' as const, rows: 10_000, pgvector: '0.8.0' };

  it.each([
    ['defaults', spec('hnsw'), {}],
    ['the exact scan', spec('none'), { dimensions: 16_000 }],
    ['the edges', spec('hnsw', { m: 100, ef_construction: 200 }, 'halfvec'), { dimensions: 4000 }],
    [
      'a subvector of more dimensions than an index takes',
      { ...spec('hnsw', {}, 'subvector'), dimensions: 2000 },
      { dimensions: 3072 },
    ],
    ['sparse vectors of many dimensions', spec('hnsw'), { dimensions: 1_000_000, nonZeros: 1000 }],
    ['L1 ordering of re-ranked bits', spec('ivfflat', { lists: 10_000 }, 'bit'), { metric: 'l1' as const }],
  ])('accepts %s', (_, accepted, change) => {
    expect(() => validateSpec(accepted, { ...context, ...change })).not.toThrow();
  });

  it.each([
    [spec('hnsw', { M: 16 }), {}, 'Expected a build parameter of HNSW, got "M".', 'm, ef_construction'],
    [spec('hnsw', { m: 1 }), {}, 'Expected m to be a whole number from 2 to 100, got 1.', 'default, 16'],
    [
      spec('hnsw', { m: 40 }),
      {},
      'Expected ef_construction to be at least 2 × m = 80, got 64.',
      'Raise ef_construction',
    ],
    [
      spec('ivfflat', { lists: 10_001 }),
      {},
      'Expected at most as many lists as rows, got 10001 for 10000.',
      'Start with 10.',
    ],
    [
      spec('ivfflat'),
      { metric: 'l1' as const },
      'Expected a metric that IVFFlat on vector supports, got "l1".',
      'l2, ip, cosine',
    ],
    [
      spec('ivfflat'),
      { metric: 'jaccard' as const },
      'Expected a metric that IVFFlat on bits supports, got "jaccard".',
      'hamming',
    ],
    [
      spec('hnsw', {}, 'halfvec'),
      { metric: 'hamming' as const },
      'Expected bits to be indexed as they are, got the representation "halfvec".',
      'vector',
    ],
    [
      spec('hnsw'),
      { metric: 'hamming' as const, dimensions: 64_001 },
      'Expected at most 64,000 dimensions for HNSW on bits, got 64,001.',
      'fewer dimensions',
    ],
    [
      spec('hnsw'),
      { dimensions: 2001 },
      'Expected at most 2,000 dimensions for HNSW on vector, got 2,001.',
      'representation halfvec',
    ],
    [
      spec('hnsw', {}, 'bit'),
      { dimensions: 16_001 },
      'Expected at most 16,000 dimensions for HNSW on bit, got 16,001.',
      'fewer dimensions',
    ],
    [
      { ...spec('hnsw', {}, 'subvector'), dimensions: 384 },
      {},
      'Expected a subvector to have fewer dimensions than the 384 of the vector, got 384.',
      'subvector: 256',
    ],
    [
      spec('hnsw', {}, 'subvector'),
      {},
      'Expected a subvector to have fewer dimensions than the 384 of the vector, got none.',
      'subvector: 256',
    ],
    [
      { ...spec('hnsw', {}, 'bit'), dimensions: 96 },
      {},
      'Expected dimensions to be named for a subvector only, got 96 for bit.',
      'subvector: 256',
    ],
    [
      { ...spec('hnsw', {}, 'subvector'), dimensions: 2001 },
      { dimensions: 3072 },
      'Expected at most 2,000 dimensions for HNSW on subvector, got 2,001.',
      'representation halfvec',
    ],
    [spec('none', {}, 'bit'), {}, 'Expected a representation of exact scan, got "bit".', 'vector'],
    [
      spec('hnsw', {}, 'bit'),
      { pgvector: '0.6.2' },
      'Expected pgvector 0.7.0 or later for HNSW on bit, the server has 0.6.2.',
      'Update',
    ],
    [
      spec('hnsw'),
      { dimensions: 30_522, nonZeros: 1001 },
      'Expected 1 to 1,000 non-zero elements for HNSW on sparse vectors of 30,522 dimensions, got 1,001.',
      'largest elements',
    ],
    [
      spec('hnsw'),
      { nonZeros: 385 },
      'Expected 1 to 384 non-zero elements for HNSW on sparse vectors of 384 dimensions, got 385.',
      'largest elements',
    ],
    [spec('ivfflat'), { nonZeros: 10 }, 'IVFFlat has no operator class for sparse vectors.', 'HNSW'],
    [
      spec('hnsw'),
      { nonZeros: 10, pgvector: '0.6.2' },
      'Expected pgvector 0.7.0 or later for HNSW on sparse vectors, the server has 0.6.2.',
      'Update',
    ],
  ])('refuses %j %j', (refused, change, message, hint) => {
    const error = refusal(() => validateSpec(refused, { ...context, ...change }));
    expect(error.code).toBe('usage');
    expect(error.message).toBe(message);
    expect(error.hint).toContain(hint);
  });

  it('fills in defaults', () => {
    expect(parametersOf(indexKind('hnsw'), spec('hnsw', { m: 8 }))).toEqual({ m: 8, ef_construction: 64 });
  });
});

describe('what stands for an index on a subset', () => {
  it('is allowed, and is the index itself where the subset is everything', () => {
    for (const kind of indexKinds) {
      for (const parameters of kind.candidates(50_000)) {
        for (const share of [1 / 16, 1 / 8, 1 / 2]) {
          const there = kind.ofSubset(parameters, share);
          validateSpec(spec(kind.name, there), { dimensions: 64, metric: 'l2', rows: 50_000 * share });
        }
        expect(kind.ofSubset(parameters, 1)).toEqual(parameters);
      }
    }
  });

  it('has its graph made with less effort, as an insert into fewer rows needs', () => {
    const { ofSubset } = indexKind('hnsw');
    expect(ofSubset({ m: 16, ef_construction: 128 }, 1 / 8)).toEqual({ m: 16, ef_construction: 64 });
    expect(ofSubset({ m: 24, ef_construction: 64 }, 1 / 8)).toEqual({ m: 24, ef_construction: 48 });
  });

  it('needs a smaller ef_search in a denser graph, and more probes of more lists', () => {
    const hnsw = indexKind('hnsw').sameRecall(40, { from: { m: 16 }, to: { m: 32 } });
    expect(hnsw).toBeCloseTo(40 / 2 ** 0.9, 6);
    const ivfflat = indexKind('ivfflat').sameRecall(10, { from: { lists: 100 }, to: { lists: 200 } });
    expect(ivfflat).toBeGreaterThan(10);
    expect(ivfflat).toBeLessThan(20);
    for (const { sameRecall, candidates } of indexKinds) {
      const [parameters = {}] = candidates(50_000);
      expect(sameRecall(7, { from: parameters, to: parameters })).toBe(7);
    }
  });
});
