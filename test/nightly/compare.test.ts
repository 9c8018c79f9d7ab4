import { describe, expect, it } from 'vitest';
import { type CompareOptions, compareRuns } from '../../src/nightly/compare/compare-runs.js';
import { junitXml } from '../../src/reports/exports/junit.js';
import { comparisonDocument } from '../../src/reports/nightly/compare.js';
import { type JournalRecord, keyOf, type RunFiles } from '../../src/results/index.js';
import type { IndexSpec } from '../../src/vocabulary.js';
import { buildRecord, failedBuild, refused, restarted, voidPoint } from '../support/records.js';
import { type Night, syntheticRun } from './synthetic-run.js';

const options: CompareOptions = { interest: { recall: 0.01, work: 0.05 }, acrossServers: false };

function compare(base: RunFiles, candidate: RunFiles, given: Partial<CompareOptions> = {}) {
  const compared = compareRuns(base, candidate, { ...options, ...given });
  if (compared.kind !== 'compared') throw new Error(`Expected a comparison, got ${compared.kind}.`);
  return compared.comparison;
}

const night = (seed: number, given: Partial<Night> = {}): RunFiles =>
  syntheticRun({ run: `n${seed}`, seed, efSearch: [40], ...given });

const answersOf = (base: RunFiles, candidate: RunFiles) =>
  new Map(
    compare(base, candidate).series[0]!.settings[0]!.figures.map(({ figure, answer, isWorse }) => [
      figure,
      answer === 'different' ? `different, ${isWorse ? 'worse' : 'better'}` : answer,
    ]),
  );

/** The same run on another index. */
function onSpec({ records }: RunFiles, spec: IndexSpec): readonly JournalRecord[] {
  const build = buildRecord({ request: { spec } });
  return records.map((record) => {
    if (record.type === 'build') return build;
    if (record.type !== 'point') return record;
    const request = { ...record.request, build: build.key };
    return { ...record, key: keyOf('point', request), request };
  });
}

describe('the comparison of two runs', () => {
  it('calls a run the same as itself', () => {
    const run = night(1, { builds: 6, queries: 4000 });
    const comparison = compare(run, run);
    expect(comparison.answer).toBe('same');
    expect(comparison.changes).toEqual([]);
  });

  it('hardly ever calls equal nights different, whatever their builds', () => {
    const figures = ['recall', 'completeness', 'buffers'] as const;
    const different = Object.fromEntries(figures.map((figure) => [figure, 0]));
    const nights = 100;
    for (let n = 0; n < nights; n++) {
      const answers = answersOf(night(2 * n + 1), night(2 * n + 2));
      for (const figure of figures) if (answers.get(figure)!.startsWith('different')) different[figure]!++;
    }
    // A 95 % interval misses 5 of 100; more than 10 would come by chance in one of a hundred such tests.
    expect(different['recall']).toBeLessThanOrEqual(10);
    expect(different['buffers']).toBeLessThanOrEqual(10);
    expect(different['completeness']).toBe(0);
  });

  it('sees a loss of two points of recall and a tenth more work', () => {
    const answers = answersOf(night(1, { builds: 3 }), night(2, { builds: 3, recallShift: -0.25, workRatio: 1.1 }));
    expect(answers.get('recall')).toBe('different, worse');
    expect(answers.get('buffers')).toBe('different, worse');
    expect(answers.get('completeness')).toBe('same');
  });

  it('says how many queries or builds an unknown recall needs', () => {
    const { figures } = compare(night(1, { queries: 100 }), night(2, { queries: 100 })).series[0]!.settings[0]!;
    const recall = figures.find(({ figure }) => figure === 'recall')!;
    expect(recall.answer).toBe('unknown');
    expect(recall.need?.code).toBe('queries');
    const needed = recall.need?.code === 'queries' ? recall.need.data.queries : 0;
    expect(needed).toBeGreaterThan(100);
    const enough = { queries: needed, builds: 4 };
    expect(answersOf(night(1, enough), night(2, enough)).get('recall')).toBe('same');
  });

  it('believes in another latency only where the work moved the same way', () => {
    const base = night(1);
    const slower = structuredClone(base);
    for (const record of slower.records) {
      if (record.type !== 'point') continue;
      for (const { estimate } of record.measured!.latencyMs.quantiles) {
        for (const end of ['value', 'low', 'high'] as const) estimate![end] = estimate![end]! * 2;
      }
    }
    expect(answersOf(base, slower).get('p50')).toBe('unknown');
    expect(compare(base, slower).answer).not.toBe('different');
    expect(answersOf(base, night(1, { workRatio: 2 })).get('p50')).toBe('different, worse');
  });

  it('compares sweeps by the work at equal recall, and equal sweeps rarely differ', () => {
    const efSearch = [10, 20, 40, 80];
    const sweep = (seed: number, given: Partial<Night> = {}) => night(seed, { efSearch, queries: 300, ...given });
    const [series] = compare(sweep(1), sweep(2)).series;
    expect(series!.settings).toEqual([]);
    expect(series!.equalRecall.length).toBeGreaterThan(1);
    let different = 0;
    for (let n = 0; n < 12; n++) {
      if (compare(sweep(2 * n + 1), sweep(2 * n + 2)).answer === 'different') different++;
    }
    expect(different).toBeLessThanOrEqual(3);
    const worse = compare(sweep(1, { builds: 3 }), sweep(2, { builds: 3, workRatio: 1.5 }));
    expect(worse.answer).toBe('different');
    expect(worse.isWorse).toBe(true);
    const [level] = worse.series[0]!.equalRecall;
    expect(level!.candidate / level!.base).toBeGreaterThan(1.3);
    expect(level!.candidate / level!.base).toBeLessThan(1.7);
  });

  it('sees at equal recall that other settings cost the same', () => {
    const base = night(1, { efSearch: [10, 20, 40, 80], builds: 3 });
    const candidate = night(2, { efSearch: [14, 28, 56, 112], builds: 3 });
    const [series] = compare(base, candidate).series;
    for (const { difference } of series!.equalRecall) expect(Math.abs(difference.value)).toBeLessThan(0.1);
    expect(series!.answer).not.toBe('different');
  });

  it('counts a point that is void in one run as different', () => {
    const base = night(1);
    const build = buildRecord();
    const lost = { ...base, records: [build, voidPoint(restarted, { request: { build: build.key, queries: 1000 } })] };
    const comparison = compare(base, lost);
    expect(comparison.series[0]!.settings[0]!.lost).toEqual({ side: 'candidate', reason: restarted });
    expect(comparison.answer).toBe('different');
    expect(comparisonDocument(compare(lost, lost))).toContain('### `ef_search=40`\n\nNeither run has figures of it.');
  });

  it('counts an index that one run could not build as different', () => {
    const base = night(1);
    const failed = failedBuild(refused('out of memory'));
    const spec = { ...buildRecord().request.spec, parameters: { m: 8, ef_construction: 64 } };
    const rest = onSpec(base, spec);
    const both: RunFiles = { ...base, records: [...base.records, ...rest] };
    const without: RunFiles = { ...base, records: [failed, ...rest] };
    const comparison = compare(both, without);
    expect(comparison.failedBuilds).toMatchObject([{ side: 'candidate', reason: failed.reason }]);
    expect(comparison).toMatchObject({ answer: 'different', isWorse: true, unmatched: [] });
    expect(comparisonDocument(comparison)).toContain('could not be built');
    expect(junitXml(comparison)).toMatch(/failures="1"/);
    expect(compare(without, both)).toMatchObject({ answer: 'different', isWorse: false });
    expect(compare(base, { ...base, records: [failed] }).answer).toBe('different');
  });

  it('is a list of test cases whose names are unique, and do not depend on what else was measured', () => {
    const base = night(1);
    const filtered = base.records.map((record) => {
      if (record.type !== 'point') return record;
      const workload = {
        kind: 'filtered',
        k: 10,
        filter: { column: 'year', op: '=', value: 2000 },
        join: null,
        strategy: 'post-filter',
      } as const;
      const request = { ...record.request, workload };
      return { ...record, key: keyOf('point', request), request };
    });
    const both: RunFiles = { ...base, records: [...filtered, ...base.records] };
    const names = (run: RunFiles) =>
      [...junitXml(compare(run, run)).matchAll(/<testcase (classname="[^"]*" name="[^"]*")/g)].map(([, name]) => name!);
    expect(names(base).length).toBeGreaterThan(2);
    expect(new Set(names(both)).size).toBe(names(both).length);
    expect(names(both)).toEqual(expect.arrayContaining(names(base)));
    expect(names(both).filter((name) => name.includes('post-filter'))).toHaveLength(names(base).length);
  });

  it('names what forbids it, and compares across servers where asked', () => {
    const base = night(1);
    const { manifest } = base;
    const other = { ...base, manifest: { ...manifest, server: { ...manifest.server, version: '16.1' } } };
    expect(compareRuns(base, other, options)).toEqual({
      kind: 'unlike',
      unlike: [{ what: 'postgresql', base: '15.20', candidate: '16.1' }],
    });
    expect(compare(base, other, { acrossServers: true }).changes).toEqual([
      { what: 'postgresql', name: null, base: '15.20', candidate: '16.1' },
    ]);
    const unlike = { ...base, manifest: { ...manifest, metric: 'l2' as const, config: { seed: 2, k: 5 } } };
    expect(compareRuns(base, unlike, { ...options, acrossServers: true })).toMatchObject({
      unlike: [{ what: 'metric' }, { what: 'k' }, { what: 'queries' }],
    });
  });
});
