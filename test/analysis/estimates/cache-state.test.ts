import { describe, expect, it } from 'vitest';
import { judgeCache } from '../../../src/analysis/index.js';

describe('state of the caches', () => {
  const warm = { declared: 'warm', prewarmed: true, method: 'hnsw' } as const;

  it('is warm only if next to nothing was read', () => {
    expect(judgeCache({ mean: 500, meanRead: 0 }, warm)).toMatchObject({ state: 'warm' });
    expect(judgeCache({ mean: 500, meanRead: 4.9 }, warm)).toMatchObject({ state: 'warm' });
    const partial = judgeCache({ mean: 500, meanRead: 50 }, warm);
    expect(partial).toMatchObject({ state: 'partial' });
    expect(partial.text).toContain("10.0 % of a query's buffers");
  });

  it('is what was declared, and says how it came to be', () => {
    expect(judgeCache({ mean: 9, meanRead: 0 }, { ...warm, prewarmed: false }).text).toContain('by queries alone');
    expect(judgeCache({ mean: 9, meanRead: 0 }, { ...warm, declared: 'prewarmed' }).state).toBe('prewarmed');
    expect(judgeCache({ mean: 9, meanRead: 5 }, { ...warm, declared: 'cold' }).state).toBe('cold');
  });

  it('is not cold when nothing was read', () => {
    expect(judgeCache({ mean: 9, meanRead: 0 }, { ...warm, declared: 'cold' }).state).toBe('partial');
  });

  it('tells why queries do not warm an IVFFlat index', () => {
    const options = { declared: 'warm', prewarmed: false, method: 'ivfflat' } as const;
    expect(judgeCache({ mean: 100, meanRead: 90 }, options).text).toContain('ring of 256 kB');
    expect(judgeCache({ mean: 100, meanRead: 90 }, { ...options, prewarmed: true }).text).not.toContain('ring');
  });
});
