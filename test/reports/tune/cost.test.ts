import { expect, it } from 'vitest';
import type { Calibration } from '../../../src/analysis/index.js';
import { viewRun } from '../../../src/reports/tune/run-view.js';
import { costSection } from '../../../src/reports/tune/sections/cost.js';
import { manifest } from '../../support/run-manifest.js';

const run = viewRun({ manifest: manifest('local'), records: [] });

const fit = (given: Partial<Calibration>): Calibration => ({
  fixedMs: 0.2,
  fixedMsError: 0.05,
  msPerBuffer: 0.001,
  msPerBufferError: 0.0001,
  residualMs: 0.02,
  points: 9,
  ...given,
});

it('does not print a cost that its error exceeds', () => {
  const rows = (costs: ReadonlyMap<string, Calibration>): string[] =>
    costSection(run, costs)
      .split('\n')
      .filter((line) => line.startsWith('| hnsw'));
  expect(rows(new Map([['hnsw', fit({})]]))).toEqual(['| hnsw | 9 | 1 ± 0.1 | 0.2 ± 0.05 | 0.02 ms |']);
  expect(rows(new Map([['hnsw', fit({ fixedMs: 8.19, fixedMsError: 14.1 })]]))).toEqual([
    '| hnsw | 9 | 1 ± 0.1 | – | 0.02 ms |',
  ]);
  expect(costSection(run, new Map([['hnsw', fit({ msPerBufferError: 0.002 })]]))).toBe('');
});
