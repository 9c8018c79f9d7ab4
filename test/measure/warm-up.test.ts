import { describe, expect, it } from 'vitest';
import { isSteady } from '../../src/analysis/index.js';
import { warmUp } from '../../src/measure/warm-up.js';
import { createRandom } from '../../src/random.js';

/** Rounds of arms whose medians are given by the number of the round. */
const rounds = (...arms: ((round: number) => number | null)[]) => {
  let count = 0;
  return async () => {
    const round = count++;
    return arms.map((arm) => arm(round));
  };
};

describe('warm-up', () => {
  it('ends after ten blocks that show no trend', async () => {
    expect(
      await warmUp(
        rounds((round) => 1 + (round % 2)),
        isSteady,
      ),
    ).toEqual({ blocks: 10, steady: true });
  });

  it('goes on until the last ten show none', async () => {
    const random = createRandom('filling cache');
    const filling = (round: number) => 1 + 5 * Math.exp(-round / 4) + 0.05 * random.normal();
    const { blocks, steady } = await warmUp(rounds(filling), isSteady);
    expect(steady).toBe(true);
    expect(blocks).toBeGreaterThan(15);
  });

  it('waits for every arm', async () => {
    const still = () => 1;
    const late = (round: number) => (round < 20 ? 100 - round : 80 + (round % 2));
    expect((await warmUp(rounds(still, late), isSteady)).blocks).toBeGreaterThan(20);
  });

  it('gives up on a machine that does not settle, and says so', async () => {
    expect(
      await warmUp(
        rounds((round) => round),
        isSteady,
      ),
    ).toEqual({ blocks: 40, steady: false });
  });

  it('does not wait for an arm that is lost', async () => {
    const lost = (round: number) => (round < 3 ? round : null);
    expect(
      await warmUp(
        rounds(lost, () => 1),
        isSteady,
      ),
    ).toEqual({ blocks: 10, steady: true });
  });
});
