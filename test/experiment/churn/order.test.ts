import { expect, it } from 'vitest';
import { orderOfArrival } from '../../../src/experiment/churn/order.js';
import { createRandom } from '../../../src/random.js';
import { matrix, memoryDataset } from '../../exact/memory-dataset.js';

const ROWS = 200;

it('brings every row once, and drifting ones from near to far of the first', () => {
  const random = createRandom(5);
  const values = Float32Array.from({ length: ROWS * 3 }, () => random.normal());
  const dataset = memoryDataset(matrix(ROWS, 3, values), matrix(1, 3, [0, 0, 0]));
  const all = Array.from({ length: ROWS }, (_, row) => row);
  for (const arrival of ['random', 'drifting'] as const) {
    const order = orderOfArrival(dataset, { arrival, metric: 'l2', random: createRandom(1) });
    expect(order.toSorted((a, b) => a - b)).toEqual(all);
    const far = order.map((row) =>
      Math.hypot(...[0, 1, 2].map((i) => values[row * 3 + i]! - values[order[0]! * 3 + i]!)),
    );
    expect(far.every((distance, i) => i === 0 || distance >= far[i - 1]!)).toBe(arrival === 'drifting');
  }
});
