import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runName } from '../../../src/results/index.js';

it('names a run so that names sort by time, whatever the dataset is called', () => {
  expect(runName('tune', 'Docs (EN)', new Date('2026-11-22T20:45:01.234Z'))).toBe('20261122-204501-tune-docs-en');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (dataset) => {
      expect(runName('bench', dataset, new Date('2026-11-22T20:45:01Z'))).toMatch(
        /^20261122-204501-bench[a-z0-9-]{0,26}$/,
      );
    }),
    { seed: 1 },
  );
});
