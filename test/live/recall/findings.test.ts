import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LiveRecall } from '../../../src/live/index.js';
import { liveRecallFindings } from '../../../src/live/recall/findings.js';

/** Of a table of 3,000 rows, as it was measured once. */
const { report } = JSON.parse(
  readFileSync(new URL('../../reports/golden/journals/recall.json', import.meta.url), 'utf8'),
) as { readonly report: LiveRecall };

const codes = (change: Partial<NonNullable<LiveRecall['measured']>>): readonly string[] =>
  liveRecallFindings({ ...report, measured: { ...report.measured!, ...change } }).map(({ code }) => code);

describe('findings of times of a live table that contradict each other', () => {
  const median = (value: number) => ({ n: 50, median: { value, low: 0.95 * value, high: 1.05 * value } });

  it('name a server that takes longer than the client waits for it', () => {
    expect(codes({ serverMs: median(1000) })).toContain('server-above-client');
    expect(codes({ serverMs: median(1e-4) })).not.toContain('server-above-client');
    expect(codes({ serverMs: { n: 5, median: null } })).not.toContain('server-above-client');
  });

  it('name a round trip without a search that takes longer than one with it', () => {
    expect(codes({ clientFloorMs: 1000 })).toContain('floor-above-median');
    expect(codes({ clientFloorMs: 1e-4 })).not.toContain('floor-above-median');
  });
});

describe('rows that are missing of the answers', () => {
  /** With ef_search = 40, where LIMIT asks for so many. */
  const found = (k: number, { mostReturned, mean }: { mostReturned: number; mean: number }) => {
    const asked = { ...report.asked, k, settings: { ...report.asked.settings, 'hnsw.ef_search': '40' } };
    const completeness = { mean, shortQueries: report.measured!.recall.queries };
    const measured = { ...report.measured!, mostReturned, completeness };
    const known = ['limit-above-setting', 'ends-at-setting', 'rows-missing'];
    return liveRecallFindings({ ...report, asked, measured }).flatMap(({ code }) => (known.includes(code) ? code : []));
  };

  it('are those beyond the setting only where no answer goes beyond it', () => {
    expect(found(200, { mostReturned: 40, mean: 0.2 })).toEqual(['limit-above-setting']);
    // 46.3 % of 200 rows are more than the 40 that one index gives.
    expect(found(200, { mostReturned: 93, mean: 0.463 })).toEqual(['rows-missing']);
  });

  it('end at the setting only where an answer has as many', () => {
    expect(found(39, { mostReturned: 40, mean: 0.9 })).toEqual(['ends-at-setting']);
    expect(found(39, { mostReturned: 30, mean: 0.7 })).toEqual(['rows-missing']);
  });
});
