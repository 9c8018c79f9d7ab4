import { describe, expect, it } from 'vitest';
import { tuneExit } from '../../src/cli/commands/tune/exit.js';
import type { FilterOption, TuneAnswer } from '../../src/results/index.js';
import { filterAnswer, filterOption, tuneAnswer } from '../support/records.js';
import { manifest } from '../support/run-manifest.js';

const index = { spec: { method: 'hnsw', representation: 'vector', parameters: {} }, settings: {} } as const;

/** A filter that no strategy is recommended for. */
const unserved = (option: Pick<FilterOption, 'outcome' | 'point'>): NonNullable<TuneAnswer['filtered']>[number] => ({
  recall: 0.95,
  rows: 1000,
  filters: [filterAnswer({ options: [filterOption(option)] })],
  crossovers: [],
});

describe('the exit code of tune', () => {
  const exit = (change: Partial<TuneAnswer>): number =>
    tuneExit({ answer: tuneAnswer(change), files: { folder: '', manifest: manifest('local'), records: [] } });
  const near = { choice: { ...index, build: 'b', point: 'p' }, misses: 'recall 0.9' };
  const missed = unserved({ outcome: 'misses', point: 'p' });
  const lost = unserved({ outcome: 'failed', point: null });

  it.each([
    ['0 for a recommendation', {}, 0],
    ['0 where plain queries were not asked for', { verdict: 'not asked' }, 0],
    ['1 when the figures say no', { verdict: 'not reached', nearest: [near] }, 1],
    ['3 when there are no figures', { verdict: 'not reached' }, 3],
    ['1 when figures say no for a filter', { filtered: [missed] }, 1],
    ['3 when there are no figures for a filter', { filtered: [lost] }, 3],
    ['1 when figures say no for one part, and there are none for another', { filtered: [lost, missed] }, 1],
  ] as const)('is %s', (_, change, code) => {
    expect(exit(change as Partial<TuneAnswer>)).toBe(code);
  });
});
