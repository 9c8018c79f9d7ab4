import { describe, expect, it } from 'vitest';
import { plannerSection } from '../../../src/reports/tune/planner.js';
import { viewRun } from '../../../src/reports/tune/run-view.js';
import type { BuildRecord, PlannerMapRecord, RunManifest } from '../../../src/results/index.js';

const build = {
  type: 'build',
  key: 'hnsw-1',
  request: {
    spec: { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 } },
    repeat: 0,
  },
} as unknown as BuildRecord;

const map = (axes: PlannerMapRecord['axes']): PlannerMapRecord => ({
  type: 'planner-map',
  key: 'map',
  request: { build: 'hnsw-1', k: 10, settings: { ef_search: 40 } },
  startedAt: '2026-01-01T00:00:00.000Z',
  table: { rows: 6000, heapPages: 800, indexPages: 2704 },
  axes,
});

const section = (axes: PlannerMapRecord['axes']): string =>
  plannerSection(viewRun({ manifest: {} as RunManifest, records: [build, map(axes)] }));

describe('where the planner leaves the index', () => {
  it('says what was predicted, what EXPLAIN said, and how far the next change is', () => {
    const measured = [
      { from: 1, to: 83, plan: 'index' as const },
      { from: 84, to: 150, plan: 'sequential' as const },
      { from: 151, to: 1000, plan: 'index' as const },
    ];
    const text = section([{ name: 'ef_search', at: 40, predicted: measured, measured, explains: 21 }]);
    expect(text).toContain('6,000 rows, 800 pages of the table and 2,704 of the index');
    expect(text).toContain('| ef_search (here 40) | index 1 … 83; sequential 84 … 150; index 151 … 1,000 | ');
    expect(text).toContain('(21×) | sequential from 84 upwards |');
  });

  it('gives the selectivity of a filter in percent', () => {
    const measured = [
      { from: 1, to: 423, plan: 'sequential' as const },
      { from: 424, to: 10_000, plan: 'index' as const },
    ];
    const text = section([{ name: 'selectivity', at: 10_000, predicted: null, measured, explains: 17 }]);
    expect(text).toContain('| rows that pass a filter | not for this version | sequential 0.01 % … 4.23 %; ');
    expect(text).toContain('sequential from 4.23 % downwards');
  });

  it('is left out of a run without a map', () => {
    expect(plannerSection(viewRun({ manifest: {} as RunManifest, records: [build] }))).toBe('');
  });
});
