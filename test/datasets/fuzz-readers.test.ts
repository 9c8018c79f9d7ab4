import { expect, it } from 'vitest';
import { fuzzReaders } from '../../campaign/fuzz-readers.js';
import { temporaryFolder } from './support.js';

/* The short form of campaign/readers.ts. */
const folder = temporaryFolder();

it('damaged files of every format are read or refused, and nothing else', async () => {
  const { counts, wrong } = await fuzzReaders({ folder, seed: 1, inputs: 1500, mostMs: 200_000 });
  expect(wrong).toEqual([]);
  const all = [...counts.values()];
  expect(all.some(({ read }) => read > 0)).toBe(true);
  expect(all.some(({ refused }) => refused > 0)).toBe(true);
});
