import { describe, expect, it } from 'vitest';
import { plannerSection } from '../../../../src/reports/tune/sections/planner.js';
import { viewRun } from '../../../../src/reports/tune/run-view.js';
import type { PlannerMapRecord } from '../../../../src/results/index.js';
import { buildRecord, plannerMapRecord } from '../../../support/records.js';
import { manifest } from '../../../support/run-manifest.js';

const build = buildRecord();

const section = (axes: PlannerMapRecord['axes']): string => {
  const map = plannerMapRecord({ table: { rows: 6000, heapPages: 800, indexPages: 2704 }, axes });
  return plannerSection(viewRun({ manifest: manifest('local'), records: [build, map] }));
};

describe('where the planner leaves the index', () => {
  it('says what was predicted, what EXPLAIN said, and how far the next change is', () => {
    const measured = [
      { from: 1, to: 83, plan: 'index' as const },
      { from: 84, to: 150, plan: 'sequential' as const },
      { from: 151, to: 1000, plan: 'index' as const },
    ];
    const text = section([{ name: 'ef_search', at: 40, predicted: measured, measured, explains: 21 }]);
    expect(text).toContain('6,000 rows, 800 table pages and 2,704 index pages');
    expect(text).toContain('| ef_search (here 40) | index 1 … 83; sequential 84 … 150; index 151 … 1,000 | ');
    expect(text).toContain('(21×) | sequential from 84 upwards |');
  });

  it('gives the selectivity of a filter in percent', () => {
    const measured = [
      { from: 1, to: 423, plan: 'sequential' as const },
      { from: 424, to: 10_000, plan: 'index' as const },
    ];
    const text = section([{ name: 'selectivity', at: 10_000, predicted: null, measured, explains: 17 }]);
    expect(text).toContain('| rows that pass a filter | not predicted | sequential 0.01 % … 4.23 %; ');
    expect(text).toContain('sequential from 4.23 % downwards');
  });

  it('is left out of a run without a map', () => {
    expect(plannerSection(viewRun({ manifest: manifest('local'), records: [build] }))).toBe('');
  });
});
