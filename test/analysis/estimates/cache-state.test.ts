import { describe, expect, it } from 'vitest';
import { judgeCache } from '../../../src/analysis/index.js';
import { cacheText } from '../../../src/reports/text/en/findings.js';

describe('state of the caches', () => {
  const warm = { declared: 'warm', prewarmed: true, method: 'hnsw' } as const;

  it('is warm only if next to nothing was read', () => {
    expect(judgeCache({ mean: 500, meanRead: 0 }, warm)).toMatchObject({ state: 'warm' });
    expect(judgeCache({ mean: 500, meanRead: 4.9 }, warm)).toMatchObject({ state: 'warm' });
    const partial = judgeCache({ mean: 500, meanRead: 50 }, warm);
    expect(partial).toMatchObject({ state: 'partial' });
    expect(cacheText(partial)).toContain("10.0 % of a query's buffers");
  });

  it('is what was declared, and says how it came to be', () => {
    expect(cacheText(judgeCache({ mean: 9, meanRead: 0 }, { ...warm, prewarmed: false }))).toContain(
      'by queries alone',
    );
    expect(judgeCache({ mean: 9, meanRead: 0 }, { ...warm, declared: 'prewarmed' }).state).toBe('prewarmed');
    expect(judgeCache({ mean: 9, meanRead: 5 }, { ...warm, declared: 'cold' }).state).toBe('cold');
  });

  it('is not cold when nothing was read', () => {
    expect(judgeCache({ mean: 9, meanRead: 0 }, { ...warm, declared: 'cold' }).state).toBe('partial');
  });

  it('tells why queries do not warm an IVFFlat index', () => {
    const options = { declared: 'warm', prewarmed: false, method: 'ivfflat' } as const;
    const read = { mean: 100, meanRead: 90 };
    expect(cacheText(judgeCache(read, options))).toContain('ring buffer of 256 kB');
    expect(cacheText(judgeCache(read, { ...options, prewarmed: true }))).not.toContain('ring');
  });
});
