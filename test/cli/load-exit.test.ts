import { describe, expect, it } from 'vitest';
import { loadExit } from '../../src/cli/load-exit.js';
import type { LoadMode, SustainedRate, ThroughputRecord } from '../../src/results/index.js';
import { refused, throughputRecord, tuneAnswer } from '../support/records.js';
import { manifest } from '../support/run-manifest.js';

const closed: LoadMode = { kind: 'closed', concurrency: 64, seconds: 3 };
const open: LoadMode = { kind: 'open', arrivals: 'poisson', ratePerSecond: 9, connections: 1, seconds: 3 };

const load = (mode: LoadMode, status: ThroughputRecord['status']): ThroughputRecord =>
  throughputRecord({
    request: { build: 'b', workload: { kind: 'plain', k: 10 }, settings: {}, queries: 100, mode },
    ...(status === 'ok' ? {} : { status, reason: refused('too many clients'), measured: null }),
  });

const exitOf = (...records: ThroughputRecord[]): number =>
  loadExit({
    answer: { kind: 'bench', front: [] },
    files: { folder: '', manifest: manifest('local'), records },
  });

/** Of what was found out about objectives. */
const exitOfVerdicts = (...verdicts: SustainedRate['verdict'][]): number => {
  const rate = { build: 'b', settings: {}, objective: { quantile: 0.99, ms: 20 }, record: 'r', next: null };
  const answer = tuneAnswer({ sustainedRates: verdicts.map((verdict) => ({ ...rate, verdict })) });
  return loadExit({ answer, files: { folder: '', manifest: manifest('local'), records: [] } });
};

describe('the exit code of loads', () => {
  it.each<[number, SustainedRate['verdict'][]]>([
    [0, ['held']],
    [1, ['missed']],
    [3, ['inconclusive']],
    [3, ['void']],
    [3, ['held', 'inconclusive']],
    [1, ['inconclusive', 'missed']],
  ])('is %i where what was found out is %j', (code, verdicts) => {
    expect(exitOfVerdicts(...verdicts)).toBe(code);
  });

  it.each<[string, number, ThroughputRecord[]]>([
    ['all of them measured', 0, [load(closed, 'ok'), load(open, 'ok')]],
    ['clients that the server refused', 3, [load(closed, 'ok'), load(closed, 'failed')]],
    ['a rate that was not delivered', 1, [load(closed, 'failed'), load(open, 'failed')]],
  ])('with %s is %i', (_, code, records) => {
    expect(exitOf(...records)).toBe(code);
  });
});
