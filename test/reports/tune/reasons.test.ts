import { describe, expect, it } from 'vitest';
import { vectorOptimization } from '../../../src/reports/index.js';
import { viewRun } from '../../../src/reports/tune/run-view.js';
import type { TuneAnswer } from '../../../src/results/index.js';
import { refused, restarted, tuneAnswer } from '../../support/records.js';
import { manifest } from '../../support/run-manifest.js';

const report = (given: Partial<TuneAnswer>): string => {
  const answer = tuneAnswer({ verdict: 'not reached', ...given });
  const finishedAt = '2026-01-01T00:01:00.000Z';
  const records = [{ type: 'answer', key: 'answer', finishedAt, answer }] as const;
  return vectorOptimization(viewRun({ manifest: manifest('local'), records }));
};

describe('a reason in the answer of a search', () => {
  it('follows the text that it explains', () => {
    const choice = {
      spec: { method: 'hnsw', representation: 'vector', parameters: { m: 24 } },
      settings: {},
      build: 'b',
      point: '',
    } as const;
    const text = report({
      because: [{ code: 'nothing-measured', data: { exactScan: 'void', reason: restarted } }],
      rejected: [
        { choice, why: { code: 'build-failed', data: { reason: refused('memory required is 800 MB') } } },
        {
          choice: { ...choice, build: '' },
          why: { code: 'would-be-too-large', data: { bytes: 2 * 1024 ** 3, bound: 1024 ** 3 } },
        },
      ],
    });
    expect(text).toContain('the exact scan is void. The server restarted, recovered from a crash');
    expect(text).toContain('The build failed. PostgreSQL refused the statement: memory required is 800 MB.');
    expect(text).toMatch(/Not built: it would take 2 GB, more than the allowed 1 GB\.$/m);
  });
});
