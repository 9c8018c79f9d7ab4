import { describe, expect, it } from 'vitest';
import { defectsOf } from '../../src/indexes/index.js';

const codesOf = (version: string): readonly string[] => defectsOf(version).map(({ code }) => code);

describe('known defects of pgvector', () => {
  it.each<[string, readonly string[]]>([
    ['0.8.7', []],
    ['0.9.0', []],
    ['0.8.6', ['ivfflat-build-overflow']],
    ['0.8.5', ['ivfflat-build-overflow', 'ivfflat-overflow-32-bit', 'ivfflat-nested-loop-memory']],
  ])('%s has %j', (version, codes) => {
    expect(codesOf(version)).toEqual(codes);
  });

  it('are those of one kind of index where one is named', () => {
    const [hnsw, ivfflat] = ['hnsw', 'ivfflat'].map((method) => defectsOf('0.8.0', method).map(({ code }) => code));
    expect(hnsw).toContain('vacuum-corruption');
    expect(ivfflat).toContain('ivfflat-build-overflow');
    expect(new Set([...hnsw!, ...ivfflat!])).toEqual(new Set(codesOf('0.8.0')));
    expect(hnsw!.filter((code) => ivfflat!.includes(code))).toEqual([]);
  });

  it('of parallel builds begin with parallel builds, and end where they were mended', () => {
    const hasOverflow = (version: string): boolean => codesOf(version).includes('parallel-build-overflow');
    expect(['0.5.1', '0.6.0', '0.8.1', '0.8.2'].map(hasOverflow)).toEqual([false, true, true, false]);
    const isGreedy = (version: string): boolean => codesOf(version).includes('ivfflat-empty-table-memory');
    expect(['0.8.3', '0.8.4', '0.8.5'].map(isGreedy)).toEqual([false, true, false]);
  });
});
