import { describe, expect, it } from 'vitest';
import { pointFindings } from '../../../src/analysis/index.js';
import type { Measured } from '../../../src/results/index.js';
import { measured } from '../../support/records.js';

const codes = (medianMs: number, given: Partial<Measured>): string[] =>
  pointFindings(measured({ medianMs }, given)).map(({ code }) => code);

const server = (ms: number, low = ms * 0.95): Measured['serverMs'] => ({
  explain: { n: 50, median: { value: ms, low, high: ms * 1.05 } },
  statements: null,
});

describe('findings of times that contradict each other', () => {
  it('name a round trip without a search that takes a part of the median', () => {
    expect(codes(2.1, { clientFloorMs: 0.1 })).toEqual([]);
    expect(codes(2.1, { clientFloorMs: 1 })).toEqual(['client-floor']);
  });

  it('name one that takes longer than the query, and call it no part of it', () => {
    expect(codes(2.1, { clientFloorMs: 11.9 })).toEqual(['floor-above-median']);
  });

  it('name a server that takes longer than the client waits for it', () => {
    expect(codes(0.508, { serverMs: server(1.46) })).toEqual(['server-above-client']);
    expect(codes(0.508, { serverMs: server(0.4) })).toEqual([]);
    // Within what so few samples tell.
    expect(codes(0.508, { serverMs: server(0.52, 0.49) })).toEqual([]);
  });
});
