import { beforeEach, describe, expect, it } from 'vitest';
import type { DeclaredNeighbours } from '../../src/datasets/index.js';
import { declaredNote, exactTruth, rowBitmap, type Truth } from '../../src/exact/index.js';
import type { Note } from '../../src/progress.js';
import { memoryDataset, randomMatrix } from './memory-dataset.js';

const base = randomMatrix(200, 8, 'declared base');
const queries = randomMatrix(40, 8, 'declared queries');
const question = { metric: 'cosine', k: 5 } as const;

/** What a file declares, and how often the base was read to find the answer. */
async function ask(declared: DeclaredNeighbours, options: object = {}) {
  let reads = 0;
  const dataset = memoryDataset(base, queries, { declared, onBlock: () => reads++ });
  const truth = await exactTruth(dataset, { ...question, ...options });
  return { truth, reads };
}

describe('declared neighbours', () => {
  let right: DeclaredNeighbours;
  let computed: Truth;

  beforeEach(async () => {
    right = { k: 8, rows: (await ask({ k: 0, rows: new Int32Array() }, { k: 8 })).truth.rows };
    computed = (await ask({ k: 0, rows: new Int32Array() })).truth;
  });

  /** Right but for the rows that `change` puts into the list of a query. */
  const declare = (change: (of: Int32Array, query: number) => void): DeclaredNeighbours => {
    const rows = right.rows.slice();
    for (let query = 0; query < 40; query++) change(rows.subarray(query * 8, query * 8 + 8), query);
    return { k: 8, rows };
  };
  const computedInstead = (declared: Truth['declared']): Truth => ({ ...computed, declared });

  it('are believed when a sample is right; the base is read once', async () => {
    expect(await ask(right)).toEqual({ truth: computedInstead('believed'), reads: 1 });
  });

  it('may come in any order', async () => {
    expect((await ask(declare((of) => of.reverse()))).truth).toEqual(computedInstead('believed'));
  });

  it.each<[string, (of: Int32Array, query: number) => void]>([
    ['farther rows', (of, query) => of.set([(of[7]! + 1 + query) % 200], 0)],
    [
      'the neighbours of the next query',
      (of, query) => of.set(right.rows.subarray(((query + 1) % 40) * 8).subarray(0, 8)),
    ],
    ['a row twice', (of) => of.set([of[0]!], 1)],
    ['a row that does not exist', (of) => of.set([200], 7)],
    ['a negative row', (of) => of.set([-2], 7)],
  ])('are refuted by %s, and the truth is computed', async (_, change) => {
    expect((await ask(declare(change))).truth).toEqual(computedInstead('refuted'));
  });

  it('do not answer when they are too few', async () => {
    expect((await ask(right, { k: 9 })).truth).toMatchObject({ k: 9, declared: 'none' });
    expect((await ask(declare((of) => of.fill(-1, 4)))).truth).toEqual(computedInstead('none'));
  });

  it('do not answer for another metric', async () => {
    expect((await ask(right, { metric: 'ip' })).truth.declared).toBe('refuted');
  });

  it('do not answer a filtered question', async () => {
    const filter = { bitmaps: [rowBitmap(200, (row) => row % 2 === 0)], ofQuery: new Int32Array(40) };
    const { truth } = await ask(right, { filter });
    expect(truth.declared).toBe('none');
    expect(truth.rows.every((row) => row % 2 === 0)).toBe(true);
  });

  it('are looked up by the number of the query', async () => {
    const { truth } = await ask(right, { queries: [31, 4] });
    expect(truth.declared).toBe('believed');
    expect([...truth.rows]).toEqual([...computed.rows.subarray(155, 160), ...computed.rows.subarray(20, 25)]);
  });

  it('are explained when they are wrong: another metric, or rows counted from 1', async () => {
    const noteOn = async (declared: DeclaredNeighbours): Promise<Note | null> => {
      const dataset = memoryDataset(base, queries, { declared });
      return declaredNote(await exactTruth(dataset, question), dataset);
    };
    const refuted = (cause: 'l1' | 'from-one' | null): Note => ({
      code: 'declared-neighbours-refuted',
      data: { dataset: 'memory', metric: 'cosine', cause },
    });
    const byL1 = (await ask({ k: 0, rows: new Int32Array() }, { k: 8, metric: 'l1' })).truth.rows;
    expect(await noteOn({ k: 8, rows: byL1 })).toEqual(refuted('l1'));
    const fromOne = right.rows.map((row) => row + 1);
    if (!fromOne.includes(200)) expect(await noteOn({ k: 8, rows: fromOne })).toEqual(refuted('from-one'));
    const shuffled = declare((of) => of.set([of[7]!, of[3]!, of[0]!, (of[1]! + 5) % 200], 0));
    expect(await noteOn(shuffled)).toEqual(refuted(null));
    expect(await noteOn(right)).toBeNull();
  });
});
