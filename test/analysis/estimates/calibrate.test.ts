import { describe, expect, it } from 'vitest';
import { calibrate } from '../../../src/analysis/index.js';
import { createRandom } from '../../../src/random.js';

describe('calibration of buffers to milliseconds', () => {
  it('is the least-squares line with its standard errors', async () => {
    // scipy.stats.linregress, scipy 1.17.
    const latencies: readonly [number, number][] = [
      [280, 0.21],
      [400, 0.27],
      [520, 0.36],
      [800, 0.5],
      [1210, 0.79],
      [1600, 0.98],
    ];
    const fits = await calibrate(latencies.map(([buffers, latencyMs]) => ({ group: 'hnsw', buffers, latencyMs })));
    const fit = fits.get('hnsw')!;
    expect(fit.fixedMs).toBeCloseTo(0.04062875729310361, 12);
    expect(fit.fixedMsError).toBeCloseTo(0.015559072298708738, 12);
    expect(fit.msPerBuffer).toBeCloseTo(0.0005958892840418666, 14);
    expect(fit.msPerBufferError).toBeCloseTo(1.6756846161670998e-5, 14);
    expect(fit.residualMs).toBeCloseTo(0.019229408841753972, 12);
    expect(fit.points).toBe(6);
  });

  it('keeps groups apart and leaves out those that a line would fit anyway', async () => {
    const random = createRandom('calibrate');
    const line = (group: string, price: number) =>
      [100, 300, 600, 900].map((buffers) => ({
        group,
        buffers,
        latencyMs: 0.1 + price * buffers + 0.001 * random.normal(),
      }));
    const two = [100, 100, 500].map((buffers) => ({ group: 'two', buffers, latencyMs: buffers }));
    const fits = await calibrate([...line('warm', 0.001), ...two, ...line('cold', 0.01)]);
    expect([...fits.keys()]).toEqual(['warm', 'cold']);
    expect(fits.get('warm')!.msPerBuffer).toBeCloseTo(0.001, 4);
    expect(fits.get('cold')!.msPerBuffer).toBeCloseTo(0.01, 4);
  });
});
