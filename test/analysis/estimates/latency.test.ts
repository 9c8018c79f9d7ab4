import { expect, it } from 'vitest';
import { summariseLatency } from '../../../src/analysis/index.js';

it('the mean of latencies has no end below nothing, though a few queries take nearly all of the time', () => {
  const latencies = [0.01, 0.01, 0.01, 0.01, 900, 1000];
  const { meanInterval, mean } = summariseLatency(latencies, { blockSize: 6, queries: 6 });
  expect(meanInterval!.low).toBe(0);
  expect(meanInterval!.high).toBeGreaterThan(mean);
});
