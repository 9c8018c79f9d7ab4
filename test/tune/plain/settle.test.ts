import { expect, it } from 'vitest';
import { explore } from '../../../src/tune/plain/explore.js';
import { settle } from '../../../src/tune/plain/settle.js';
import { defaultFamilies } from '../../../src/tune/index.js';
import { tableScanned } from '../../support/records.js';
import { spaceFor } from '../../support/spaces.js';
import { answer, syntheticBench } from '../../support/synthetic-bench.js';

it('the least setting is looked for beyond where the planner is found to have left the index', () => {
  let hasLeft = false;
  const bench = syntheticBench({
    figures: (_spec, knob) => ({
      recall: 0.9 + 0.1 * Math.min(1, knob / 250),
      medianMs: knob / 100,
      buffers: knob,
      ...(hasLeft && knob >= 70 && knob <= 180 ? { voidBecause: tableScanned } : {}),
    }),
  });
  const situation = { rows: 30_000, dimensions: 96, metric: 'cosine' as const, pgvector: '0.8.6' };
  const families = defaultFamilies(situation, [{ representation: 'vector' }]).slice(0, 1);
  const space = spaceFor({ ...situation, families }, { recall: 0.95 });
  const split = { search: { from: 0, count: 200 }, validation: { from: 0, count: 500 } };
  const searchRecall = 0.955;
  const found = { family: families[0]!, searchRecall, first: 100, queries: split.search };
  const explored = answer(explore(space, found), bench.reply);
  const shown = () => answer(settle(space, { explored, searchRecall, split }), bench.reply).point;
  const knobOf = (point: ReturnType<typeof shown>): number => Number(point?.request.settings['ef_search']);
  const before = knobOf(shown());
  expect(before).toBeGreaterThan(70);
  expect(before).toBeLessThan(180);
  hasLeft = true;
  expect(knobOf(shown())).toBeGreaterThan(180);
});
