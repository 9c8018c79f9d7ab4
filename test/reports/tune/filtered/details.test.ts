import { expect, it } from 'vitest';
import { viewRun } from '../../../../src/reports/index.js';
import { apply } from '../../../../src/reports/tune/filtered/apply.js';
import { filterDetails } from '../../../../src/reports/tune/filtered/details.js';
import type { Measured } from '../../../../src/results/index.js';
import { filterAnswer, filterOption, measured, pointRecord } from '../../../support/records.js';
import { exactScan } from '../../../support/running-bench.js';
import { manifest } from '../../../support/run-manifest.js';

const { filter } = filterAnswer();
const workload = { kind: 'filtered', k: 10, filter, join: null, strategy: 'pre-filter' } as const;

/** A run whose one strategy was measured so, and what it found for the filter. */
function found(given: Partial<Measured>, medianMs = 1) {
  const figures = measured({ recall: 1, medianMs });
  const point = pointRecord({ request: { workload, settings: {} }, measured: { ...figures, ...given } });
  const option = filterOption({ spec: exactScan, point: point.key });
  const run = viewRun({ manifest: manifest('local'), records: [point] });
  return { run, answer: filterAnswer({ options: [option], best: 0 }) };
}

const served = (...plans: { scans: string; queries: number }[]): string => {
  const rowsRemoved = { value: 0, low: 0, high: 0 };
  const { run, answer } = found({ filtering: { rowsRemoved, plans } });
  return filterDetails(run, answer);
};

it('says how many queries each plan of a strategy served, whatever the index that was made for a value', () => {
  const [first, second] = ['0123456789abcdef', 'fedcba9876543210'].map((key) => `Index Scan using btree_${key}`);
  const text = served(
    { scans: first!, queries: 30 },
    { scans: 'Seq Scan on items', queries: 15 },
    { scans: second!, queries: 5 },
  );
  expect(text).toContain('Index Scan using btree (35 of 50 queries), Seq Scan on items (15 of 50 queries)');
  expect(served({ scans: first!, queries: 30 }, { scans: second!, queries: 20 })).toContain(
    '| Index Scan using btree |',
  );
});

it('says what the settings of a quick filter cost beside it', () => {
  const transactionMs = { n: 20, median: { value: 0.2, low: 0.1, high: 0.3 }, statements: 4 };
  const text = (medianMs: number): string => {
    const { run, answer } = found({ transactionMs }, medianMs);
    return apply(run, [answer]);
  };
  expect(text(0.5)).toContain('0.2 [0.1, 0.3] ms here (n = 20), 40 % of the 0.5 ms');
  expect(text(5)).not.toContain('round trip');
});
