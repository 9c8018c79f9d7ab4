import { describe, expect, it } from 'vitest';
import { conditionsRows } from '../../../src/reports/tune/conditions.js';
import { viewRun } from '../../../src/reports/tune/run-view.js';
import type { Conditions, JournalRecord, RunManifest } from '../../../src/results/index.js';

const reading = { roundTripMs: [0.1], cpuMs: [0.5] };

const conditions = (load: number, server: Partial<Conditions['server']>): Conditions => ({
  attempt: 1,
  looks: 2,
  server: {
    interrupted: false,
    checkpoints: 0,
    vacuums: 0,
    changedRows: 0,
    autovacuumWorkers: null,
    otherSessions: null,
    ...server,
  },
  machine: {
    cores: 4,
    load: { before: load, after: load },
    mhz: { before: null, after: null },
    stealShare: 0.02,
    swappedPages: 0,
  },
  canary: { before: reading, after: reading },
});

const taken = (type: 'point' | 'throughput', workload: string, seen: Conditions, codes: readonly string[] = []) =>
  ({
    type,
    key: `${type} ${workload}`,
    request: { workload: { kind: workload } },
    conditions: seen,
    measured: null,
    findings: codes.map((code) => ({ code, severity: 'warning', text: '' })),
  }) as unknown as JournalRecord;

const textOf = (records: readonly JournalRecord[]): string | undefined => {
  const rows = conditionsRows(viewRun({ manifest: {} as RunManifest, records }));
  return rows.find(([name]) => name === 'conditions')?.[1];
};

describe('what went on around a run', () => {
  it('is told of every measurement: plain, filtered, and under load', () => {
    const text = textOf([
      taken('point', 'plain', conditions(1, {})),
      taken('point', 'filtered', conditions(2, { checkpoints: 3 }), ['canary-moved']),
      taken('throughput', 'plain', conditions(5, { otherSessions: 2 })),
    ]);
    expect(text).toContain('load 1.0 to 5.0 on 4 processors');
    expect(text).toContain('checkpoints 3');
    expect(text).toContain('sessions of others at one moment 2');
    // Nowhere could they be seen: that is not none.
    expect(text).toContain('autovacuum workers unknown');
    expect(text).toContain('the machine changed during 1 of 3 measurements');
  });

  it('is told of a run that asked for filtered queries alone', () => {
    expect(textOf([taken('point', 'filtered', conditions(2, { checkpoints: 1 }))])).toContain('checkpoints 1');
  });

  it('is left out where nobody looked', () => {
    expect(textOf([])).toBeUndefined();
  });
});
