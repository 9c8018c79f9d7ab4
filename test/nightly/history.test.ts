import { describe, expect, it } from 'vitest';
import { createChangeFinder } from '../../src/nightly/history/change-point.js';
import { historyOf } from '../../src/nightly/history/history.js';
import { trendsOf } from '../../src/nightly/history/series.js';
import { createRandom } from '../../src/random.js';
import { historyCsv, historyLines, sparkline } from '../../src/reports/nightly/history.js';
import type { RunFiles } from '../../src/results/index.js';
import { type Night, syntheticRun } from './synthetic-run.js';

/** A series about 100 with a spread of `sd`, raised by `step` from night `from` on; one value in twenty is far off. */
function series(
  seed: string,
  { nights = 30, sd = 0.02, step = 0, from = 20, outliers = 0.05 } = {},
): readonly number[] {
  const random = createRandom(seed);
  return Array.from({ length: nights }, (_, i) => {
    const value = 100 * (1 + (i >= from ? step : 0)) * Math.exp(sd * random.normal());
    return random.next() < outliers ? value * 1.5 : value;
  });
}

/** Nights without a change, each correlated with the one before. */
function alike(seed: string, nights: number, correlation: number): readonly number[] {
  const random = createRandom(seed);
  let value = random.normal() / Math.sqrt(1 - correlation ** 2);
  return Array.from({ length: nights }, () => {
    const now = value;
    value = correlation * value + random.normal();
    return 100 + now;
  });
}

describe('a change of level', () => {
  const find = createChangeFinder();
  const changeOf = (values: readonly number[]) => find([values])[0]!;

  it.each([
    [0, 0.05],
    [0.5, 0.07],
  ])('is said of few folders of series without one, whose nights correlate by %d', (correlation, most) => {
    const folders = Array.from({ length: 300 }, (_, folder) =>
      find(Array.from({ length: 5 }, (__, i) => alike(`${folder} ${i}`, 25, correlation))),
    );
    const alarms = folders.filter((changes) => changes.some((change) => change !== null)).length;
    // More would come by chance in one of a hundred such tests.
    expect(alarms).toBeLessThanOrEqual(300 * most + 2.33 * Math.sqrt(300 * most * (1 - most)));
  });

  it('is found where it is, ten nights after a rise of 5 %', () => {
    const found = Array.from({ length: 60 }, (_, i) => changeOf(series(`rise ${i}`, { step: 0.05 })));
    const at = found.flatMap((change) => (change ? [change.at] : []));
    expect(at.length).toBeGreaterThanOrEqual(50);
    expect(at.filter((night) => Math.abs(night - 20) <= 2).length).toBeGreaterThan(0.8 * at.length);
  });

  it('is not shown by three nights among five series, and by one bad night or equal values never', () => {
    for (let i = 0; i < 30; i++) {
      const raised = series(`three ${i}`, { nights: 13, step: 1, from: 10 });
      const others = Array.from({ length: 4 }, (_, other) => series(`${i} ${other}`, { nights: 13 }));
      expect(find([raised, ...others])[0]).toBeNull();
    }
    const flat = Array.from({ length: 20 }, (_, i) => 100 + (i % 3));
    expect(changeOf(flat.with(10, 300))).toBeNull();
    expect(changeOf([1, 1, 1, 9, 9])).toBeNull();
    expect(changeOf(Array.from({ length: 30 }, () => 5))).toBeNull();
  });

  it('is the latest of several', () => {
    const values = [...series('a', { nights: 30, outliers: 0 }), ...series('b', { nights: 20, outliers: 0 })];
    const twice = values.map((value, night) => value * (night >= 40 ? 1.5 : night >= 15 ? 2 : 1));
    expect(changeOf(twice)).toMatchObject({ at: 40 });
  });
});

const night = (day: number, given: Partial<Night> = {}): RunFiles => {
  const files = syntheticRun({ run: `night-${day}`, seed: day, efSearch: [40], queries: 200, ...given });
  const startedAt = new Date(Date.UTC(2026, 0, day)).toISOString();
  return { ...files, manifest: { ...files.manifest, startedAt } };
};

describe('the history of a folder of runs', () => {
  const days = Array.from({ length: 24 }, (_, i) => i + 1).filter((day) => day !== 5 && day !== 18);
  const runs = days.map((day) => night(day, { workRatio: day >= 13 ? 1.2 : 1 }));

  it('finds the night on which the work rose, though nights are missing and runs come in any order', () => {
    const trends = historyOf(runs.toReversed());
    const [worst] = trends;
    expect(worst).toMatchObject({ figure: 'buffers', isWorse: true });
    expect(worst!.nights[worst!.change!.at]!.run).toBe('night-13');
    expect(trends.find(({ figure }) => figure === 'recall')!.change).toBeNull();
  });

  it('calls a change news for ten nights, and that of a series that ended not for ever', () => {
    const isNews = (all: readonly RunFiles[]) => historyOf(all).some(({ isWorse, isRecent }) => isWorse && isRecent);
    expect(isNews(runs.slice(0, 20))).toBe(true);
    expect(isNews(runs)).toBe(false);
    const upgraded = Array.from({ length: 12 }, (_, i) => {
      const later = night(30 + i);
      return { ...later, manifest: { ...later.manifest, server: { ...later.manifest.server, pgvector: '0.8.1' } } };
    });
    expect(isNews([...runs.slice(0, 20), ...upgraded])).toBe(false);
  });

  it('starts another series with other data or another server, and none with another name', () => {
    const [first, second] = [night(1), night(2)];
    const renamed = {
      ...second,
      manifest: { ...second.manifest, dataset: { ...second.manifest.dataset, name: 'renamed' } },
    };
    expect(trendsOf([first, renamed]).every(({ nights }) => nights.length === 2)).toBe(true);
    const { server } = second.manifest;
    for (const change of [
      { server: { ...server, pgvector: '0.8.1' } },
      { layout: { kind: 'partitioned', partitions: 4 } as const },
    ]) {
      const other = { ...second, manifest: { ...second.manifest, ...change } };
      expect(trendsOf([first, other]).every(({ nights }) => nights.length === 1)).toBe(true);
    }
  });

  it('is drawn as bars, and written as a table whose rows all have the same columns', () => {
    expect(sparkline([1, 2, 3])).toBe('▁▅█');
    expect(sparkline([2, 2])).toBe('▄▄');
    const trends = historyOf([...runs, night(30, { efSearch: [80] })]);
    expect(historyLines(trends)[1]).toMatch(/^ {2}worse since night-13: .* → .* \(\+\d+\.\d %, p = 0\.00/);
    const lines = historyCsv(trends).trimEnd().split('\n');
    expect(lines).toHaveLength(1 + runs.length + 1);
    const columns = lines[0]!.split(',');
    expect(columns.join()).toMatch(/,HNSW_m_16_ef_construction_64_ef_search_40_buffers\.[0-9a-f]{8},/);
    expect(columns).toEqual(
      expect.arrayContaining(
        historyCsv(historyOf(runs.slice(0, 3)))
          .split('\n')[0]!
          .split(','),
      ),
    );
    expect(new Set(columns).size).toBe(columns.length);
    expect(lines.every((line) => line.split(',').length === columns.length)).toBe(true);
  });
});
