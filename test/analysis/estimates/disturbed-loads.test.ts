import { describe, expect, it } from 'vitest';
import { hasFallen, sortOutLoads } from '../../../src/analysis/index.js';
import type { ThroughputRecord } from '../../../src/results/index.js';
import { throughputFigures, throughputRecord } from '../../support/records.js';

const load = (
  concurrency: number,
  rate: number,
  { repeat, server = 1.5, cores = 2 }: { repeat?: number; server?: number | null; cores?: number } = {},
): ThroughputRecord =>
  throughputRecord({
    key: `${concurrency} ${repeat ?? 0}`,
    request: {
      build: 'b',
      workload: { kind: 'plain', k: 10 },
      settings: { ef_search: 40 },
      queries: 100,
      mode: { kind: 'closed', concurrency, seconds: 3, ...(repeat === undefined ? {} : { repeat }) },
    },
    measured: throughputFigures({
      ratePerSecond: { value: rate, low: rate * 0.95, high: rate * 1.05 },
      cpu: { cores, client: 0.2, server },
    }),
  });

describe('throughput that falls with more clients', () => {
  it.each<[string, ThroughputRecord, ThroughputRecord, number, boolean]>([
    ['from one client to two on two cores', load(1, 1000), load(2, 700), 2, true],
    ['but within the intervals', load(1, 1000), load(2, 930), 2, false],
    ['from two to four on two cores: they have to share', load(2, 1000), load(4, 700), 4, false],
    ['from two to four on eight cores', load(2, 1000), load(4, 700, { cores: 8 }), 4, true],
    ['from one to two on a machine that nobody sees', load(1, 1000), load(2, 700, { server: null }), 2, true],
    ['from two to four there', load(2, 1000), load(4, 700, { server: null, cores: 8 }), 4, false],
    ['not at all', load(1, 1000), load(2, 1900), 2, false],
    ['without figures', load(1, 1000), { ...load(2, 1), status: 'void', measured: null }, 2, false],
  ])('is disturbed, or not: %s', (_, fewer, more, clients, fallen) => {
    expect(hasFallen(fewer, more, clients)).toBe(fallen);
  });

  it('counts as it was measured the second time', () => {
    const [one, two, oneAgain, twoAgain, four] = [
      load(1, 1000),
      load(2, 700),
      load(1, 990, { repeat: 1 }),
      load(2, 1900, { repeat: 1 }),
      load(4, 1950),
    ];
    const { counting, disturbed } = sortOutLoads([one, two, oneAgain, twoAgain, four]);
    expect(counting).toEqual([oneAgain, twoAgain, four]);
    expect(disturbed).toEqual([
      { first: one, again: oneAgain },
      { first: two, again: twoAgain },
    ]);
  });

  it('counts as it was measured at first where the second time gave no figure', () => {
    const again: ThroughputRecord = { ...load(2, 1, { repeat: 1 }), status: 'void', measured: null };
    expect(sortOutLoads([load(2, 700), again]).disturbed).toEqual([]);
  });
});
