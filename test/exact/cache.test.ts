import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exactTruth, rowBitmap, type Truth, type TruthOptions } from '../../src/exact/index.js';
import { readTruth, writeTruth, type TruthKey } from '../../src/exact/cache.js';
import { memoryDataset, randomMatrix } from './memory-dataset.js';

const base = randomMatrix(60, 5, 'cache base');
const queries = randomMatrix(4, 5, 'cache queries');

/** A dataset that tells how often it was read. */
function counted(hash = 'data') {
  let reads = 0;
  const dataset = memoryDataset(base, queries, { hash, onBlock: () => reads++ });
  return { dataset, reads: () => reads };
}

const question: TruthOptions = { metric: 'l2', k: 7 };
const key: TruthKey = { version: 3, data: 'data', metric: 'l2', k: 7, queries: 'all', filter: null };
const onlyFile = async (folder: string): Promise<string> => {
  const files = await readdir(folder);
  expect(files).toHaveLength(1);
  return join(folder, files[0]!);
};

describe('the cache', () => {
  it('answers the same question without reading the base', async () => {
    const { dataset, reads } = counted();
    const computed = await exactTruth(dataset, question);
    expect(reads()).toBe(1);
    expect(await exactTruth(dataset, question)).toEqual(computed);
    expect(reads()).toBe(1);
  });

  it('keeps questions apart', async () => {
    const { dataset, reads } = counted();
    const ofQuery = Int32Array.of(0, 0, 1, 1);
    const filters = [0, 1].map((remainder) => ({
      bitmaps: [rowBitmap(60, (row) => row % 2 === remainder), rowBitmap(60, (row) => row > 9)],
      ofQuery,
    }));
    const questions: TruthOptions[] = [
      question,
      { metric: 'ip', k: 7 },
      { metric: 'l2', k: 8 },
      { metric: 'l2', k: 7, queries: [0, 1] },
      { metric: 'l2', k: 7, queries: [1, 0] },
      ...filters.map((filter) => ({ metric: 'l2', k: 7, filter }) as const),
      { metric: 'l2', k: 7, filter: { bitmaps: filters[0]!.bitmaps, ofQuery: Int32Array.of(0, 1, 0, 1) } },
    ];
    const answers: Truth[] = [];
    for (const each of questions) answers.push(await exactTruth(dataset, each));
    expect(reads()).toBe(questions.length);
    for (const [i, each] of questions.entries()) expect(await exactTruth(dataset, each)).toEqual(answers[i]);
    expect(reads()).toBe(questions.length);
    expect(await readdir(dataset.cacheFolder)).toHaveLength(questions.length);
  });

  it('computes anew whatever byte of the file is damaged, and heals', async () => {
    const { dataset, reads } = counted();
    const computed = await exactTruth(dataset, question);
    const file = await onlyFile(dataset.cacheFolder);
    const intact = await readFile(file);
    const header = intact.indexOf('\n');
    const flip = (at: number) => intact.map((byte, i) => (i === at ? byte ^ 1 : byte));
    const damages = [
      ...Array.from({ length: 30 }, (_, i) => flip(Math.floor((i * (intact.length - 1)) / 29))),
      ...['"queries":', '"declared":"', '"sha256":"'].map((name) => flip(intact.indexOf(name) + name.length)),
      flip(header),
      intact.subarray(0, intact.length - 8),
      intact.subarray(0, header),
      Buffer.alloc(0),
      Buffer.from('null\n'),
      Buffer.concat([intact, Buffer.from([0])]),
    ];
    for (const [i, damaged] of damages.entries()) {
      await writeFile(file, damaged);
      expect(await exactTruth(dataset, question)).toEqual(computed);
      expect(reads()).toBe(2 + i);
      expect(await readFile(file)).toEqual(intact);
    }
  });

  it("does not take another dataset's answer for its own", async () => {
    const { dataset } = counted();
    const truth = await exactTruth(dataset, question);
    await writeTruth(dataset.cacheFolder, key, truth);
    expect(await readTruth(dataset.cacheFolder, key)).toEqual(truth);
    for (const other of [
      { data: 'other' },
      { metric: 'l1' },
      { k: 8 },
      { queries: 'some' },
      { filter: 'f' },
    ] as const) {
      const wanted: TruthKey = { ...key, ...other };
      expect(await readTruth(dataset.cacheFolder, wanted)).toBeNull();
      await writeTruth(dataset.cacheFolder, wanted, truth);
    }
  });

  it('leaves no half-written file', async () => {
    const { dataset } = counted();
    await exactTruth(dataset, question);
    expect(await readdir(dataset.cacheFolder)).toEqual([expect.stringMatching(/^truth-[0-9a-f]{16}\.bin$/)]);
  });
});
