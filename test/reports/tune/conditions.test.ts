import { describe, expect, it } from 'vitest';
import { conditionsRows } from '../../../src/reports/tune/conditions.js';
import { viewRun } from '../../../src/reports/tune/run-view.js';
import { findings, type JournalRecord } from '../../../src/results/index.js';
import type { Workload } from '../../../src/vocabulary.js';
import { conditions, pointRecord, throughputRecord } from '../../support/records.js';
import { manifest } from '../../support/run-manifest.js';

const filtered: Workload = {
  kind: 'filtered',
  k: 10,
  filter: { column: 'tenant', op: '=', value: 1 },
  join: null,
  strategy: 'post-filter',
};
const moved = findings.canaryMoved.of({ roundTrip: { beforeMs: 0.1, afterMs: 0.2 }, cpu: null });

const textOf = (records: readonly JournalRecord[]): string | undefined => {
  const rows = conditionsRows(viewRun({ manifest: manifest('local'), records }));
  return rows.find(([name]) => name === 'conditions')?.[1];
};

describe('what went on around a run', () => {
  it('is told of every measurement: plain, filtered, and under load', () => {
    const text = textOf([
      pointRecord({ conditions: conditions(1) }),
      pointRecord({
        request: { workload: filtered },
        conditions: conditions(2, { checkpoints: 3 }),
        findings: [moved],
      }),
      throughputRecord({ conditions: conditions(5, { otherSessions: 2 }) }),
    ]);
    expect(text).toContain('load average 1.0 to 5.0 on 4 cores');
    expect(text).toContain('checkpoints at most 3');
    expect(text).toContain('other sessions at one moment at most 2');
    // Nowhere could they be seen: that is not none.
    expect(text).toContain('autovacuum workers unknown');
    expect(text).toContain('the machine changed during 1 of 3 measurements');
  });

  it('is told of a run that asked for filtered queries alone', () => {
    const point = pointRecord({ request: { workload: filtered }, conditions: conditions(2, { checkpoints: 1 }) });
    expect(textOf([point])).toContain('checkpoints at most 1');
  });

  it('is left out where nobody looked', () => {
    expect(textOf([])).toBeUndefined();
  });
});
