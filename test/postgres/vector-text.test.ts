import { expect, it } from 'vitest';
import { numbersInText, parseVectorPair, parseVectorText } from '../../src/postgres/index.js';

it.each([
  ['[1,2.5]', [1, 2.5]],
  ['0110', [0, 1, 1, 0]],
  ['{2:0.5}/3', [0, 0.5, 0]],
  ['{}/2', [0, 0]],
])('reads %s', (text, numbers) => {
  expect([...parseVectorText(text)]).toEqual(numbers);
});

it('needs no memory for the zeros of sparse vectors', () => {
  const [a, b] = parseVectorPair('{1:1,999999999:2}/1000000000', '{7:-4,999999999:3}/1000000000');
  expect([[...a], [...b]]).toEqual([
    [1, 2, 0],
    [0, 3, -4],
  ]);
  expect([...numbersInText('{1:1,999999999:2}/1000000000')]).toEqual([1, 2]);
  expect([...numbersInText('{}/1000000000')]).toEqual([]);
});
