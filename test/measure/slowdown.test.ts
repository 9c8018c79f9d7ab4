import { describe, expect, it } from 'vitest';
import { compareBlocks, judgeSlowdown } from '../../src/analysis/index.js';
import { type Arm, type ArmSamples, measureBlocks, scanOf } from '../../src/measure/index.js';
import { createRandom } from '../../src/random.js';
import { fakeSession } from '../support/fake-session.js';

const BLOCK = 50;
const QUERIES = 2000;

const arm = (key: string): Arm => ({
  key,
  statement: { name: key, text: 'SELECT' },
  parameters: () => [],
  literals: () => [],
  settings: {},
  indexes: ['graph'],
  checkPlan: (plan) => scanOf(plan, { index: 'graph', parts: [{ table: 'items', index: 'graph' }] }),
});

/**
 * Measures an arm and one that is slower by a factor, on a machine whose speed wanders by tens of percent while it is
 * measured and whose single queries scatter by as much.
 */
async function compareOn(seed: string, slowdown: number) {
  const random = createRandom(seed);
  let [now, drift, queries] = [0, 0, 0];
  const session = fakeSession({
    indexes: new Set(['graph']),
    onExecute({ name }) {
      if (queries++ % 10 === 0) drift = 0.99 * drift + 0.02 * random.normal();
      now += Math.exp(drift + 0.2 * random.normal()) * (name === 'slower' ? slowdown : 1);
    },
  });
  const [base, candidate] = (await measureBlocks(
    session,
    { schema: 'scratch', name: 'items', stored: ['items'], indexes: ['graph'], quote: (name) => name },
    [arm('base'), arm('slower')],
    { queries: QUERIES, timedQueries: QUERIES, passes: 1, blockQueries: BLOCK, explained: [0] },
    { clock: { name: 'test', now: () => now }, random: createRandom(seed), onQueries: () => undefined },
  )) as ArmSamples[];
  return compareBlocks(base!.latenciesMs, candidate!.latenciesMs, { blockSize: BLOCK });
}

const comparisons = (slowdown: number) =>
  Promise.all(Array.from({ length: 30 }, (_, i) => compareOn(`${slowdown} ${i}`, slowdown)));
const isSlower = (comparison: Awaited<ReturnType<typeof compareOn>>): boolean =>
  judgeSlowdown(comparison, { margin: 0.03, alpha: 0.001 }) === 'slower';

describe('a slowdown of 5 % on a machine whose speed wanders', () => {
  it('is seen by the gate, and its interval holds it', async () => {
    const results = await comparisons(1.05);
    expect(results.filter(isSlower).length).toBeGreaterThanOrEqual(24);
    const held = results.filter(({ ratio }) => ratio.low! <= 1.05 && 1.05 <= ratio.high!);
    expect(held.length).toBeGreaterThanOrEqual(26);
  });

  it('that is none is never seen, and the ratio of equal arms spreads by less than 1.5 %', async () => {
    const results = await comparisons(1);
    expect(results.filter(isSlower)).toEqual([]);
    const logs = results.map(({ ratio }) => Math.log(ratio.value));
    const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
    const variance = logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (logs.length - 1);
    expect(Math.sqrt(variance)).toBeLessThan(0.015);
  });
});
