import { describe, expect, it } from 'vitest';
import { viewRun } from '../../../../src/reports/index.js';
import { configurationSection } from '../../../../src/reports/tune/sections/configuration.js';
import type { Estimate, Measured, ServedByConfiguration } from '../../../../src/results/index.js';
import { buildRecord, measured, pointRecord, tuneAnswer } from '../../../support/records.js';
import { manifest } from '../../../support/run-manifest.js';

const build = buildRecord();

const taking = (median: Estimate, given: Partial<Measured> = {}): Measured => {
  const figures = measured();
  const quantiles = [{ p: 0.5, estimate: median, needs: 6 }];
  return { ...figures, latencyMs: { ...figures.latencyMs, quantiles }, ...given };
};

/** The section of a table whose plain queries were measured alone, and with every index visible. */
function section(alone: Measured, here: Measured, given: Partial<ServedByConfiguration> = {}): string {
  const request = { build: build.key };
  const points = [
    pointRecord({ key: 'alone', request, measured: alone }),
    pointRecord({ key: 'here', request, measured: here }),
  ];
  const served = [{ of: { kind: 'plain' as const }, option: null, point: 'here', alone: 'alone', lost: [], ...given }];
  const configuration = { builds: [build.key], bytes: 1000, served, writes: null };
  const answer = tuneAnswer({ configuration });
  const key = 'answer' as const;
  const records = [build, ...points, { type: key, key, finishedAt: '', answer }];
  return configurationSection(viewRun({ manifest: manifest('local'), records }));
}

const QUICK: Estimate = { value: 2.4, low: 1.84, high: 5.54 };

describe('the configuration of a table', () => {
  it('says what a workload would gain alone only where that is shown: the moments were different ones', () => {
    const slower = section(taking(QUICK), taking({ value: 6.05, low: 5.6, high: 6.92 }));
    expect(slower).toContain('- plain queries: 2.4 [1.84, 5.54] ms instead of 6.05 [5.6, 6.92] ms');
    // Seen on a busy machine, with as many buffers as alone.
    const disturbed = section(taking(QUICK), taking({ value: 6.05, low: 5.46, high: 6.92 }));
    expect(disturbed).toContain('No workload is shown to be faster by a tenth');
    expect(disturbed).not.toContain('instead of');
    const asQuick = section(taking({ value: 2, low: 1.99, high: 2.01 }), taking({ value: 2.1, low: 2.05, high: 2.2 }));
    expect(asQuick).not.toContain('instead of');
  });

  it('says by how many queries the pages were counted: elsewhere it may be a sample of them', () => {
    const buffers = { mean: { value: 308.9, low: 300.3, high: 317.7 }, meanRead: 0, queries: 300 };
    expect(section(taking(QUICK), taking(QUICK, { buffers }))).toContain('| 309 [300, 318], n = 300 |');
    const scan = { mean: { value: 1575, low: 1575, high: 1575 }, meanRead: 0, queries: 50 };
    expect(section(taking(QUICK), taking(QUICK, { buffers: scan }))).toContain('| 1,575, n = 50 |');
  });

  it('names a workload that its indexes do not serve, and why', () => {
    const unmet = [{ code: 'index_size' as const, data: { bytes: 3e6, bound: 2e6 } }];
    const text = section(taking(QUICK), taking(QUICK), { point: null, unmet });
    expect(text).toContain('- **plain queries**: with all of them, the index takes 2.86 MB, more than the allowed');
  });

  it('says what the settings of a quick query cost, and which function spares that', () => {
    const transactionMs = { n: 20, median: { value: 0.12, low: 0.1, high: 0.2 }, statements: 3 };
    const text = section(taking(QUICK), taking({ value: 0.5, low: 0.4, high: 0.6 }, { transactionMs }));
    expect(text).toContain('0.12 [0.1, 0.2] ms here (n = 20), 24 % of the 0.5 ms');
    expect(text).toContain('A function in `LANGUAGE plpgsql` with the same `SET` clauses');
    expect(section(taking(QUICK), taking({ value: 5, low: 4, high: 6 }, { transactionMs }))).not.toContain('function');
  });
});
