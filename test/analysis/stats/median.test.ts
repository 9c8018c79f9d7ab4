import { expect, it } from 'vitest';
import { median } from '../../../src/analysis/index.js';

it.each([
  [[3], 3],
  [[10, 9, 1], 9],
  [[1, 100, 3, 2], 2.5],
])('the median of %j is %d', (values, middle) => {
  const given = [...values];
  expect(median(given)).toBe(middle);
  expect(given).toEqual(values);
});
