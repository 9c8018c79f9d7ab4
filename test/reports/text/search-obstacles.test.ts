import { expect, it } from 'vitest';
import { textOf, textsIn } from '../../../src/reports/index.js';

it.each([
  ['<->', '<=>', true],
  ['<+>', '<->', false],
  ['<=>', '<+>', false],
])('says of %s and %s whether they order vectors of length 1 alike', (operator, own, alike) => {
  const data = { operator, indexes: [{ index: 'docs_v', operator: own }] };
  const text = textOf(textsIn('en').searchObstacles, { code: 'operator-mismatch', data });
  expect(text.includes('unless all vectors have length 1')).toBe(alike);
});
