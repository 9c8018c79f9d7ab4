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
