import { expect, it } from 'vitest';
import type { CostAhead } from '../../src/progress.js';
import type { Ask, BuildRequest, Reply } from '../../src/results/index.js';
import { tuneWorkloads } from '../../src/tune/tune-workloads.js';
import type { IndexSpec } from '../../src/vocabulary.js';
import { buildRecord } from '../support/records.js';
import { spaceFor } from '../support/spaces.js';

const HNSW: IndexSpec = { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 } };

const LARGER: IndexSpec = { ...HNSW, parameters: { m: 24, ef_construction: 128 } };

/** The first questions of a search over a table of 768 dimensions; a build of 1,000 rows takes `thousand` seconds. */
function questions(
  rows: number,
  { thousand = 1, budgetSeconds = null as number | null, rowsBudget = null as number | null } = {},
) {
  const plain = spaceFor({
    families: [HNSW, LARGER].map((spec) => ({ spec, knobValues: null })),
    rows,
    dimensions: 768,
    rowsBudget,
    server: { pgVersion: 17, maintenanceWorkMemBytes: 2 ** 31, costs: null },
  });
  const search = tuneWorkloads({ target: plain.target, plain, filtered: [], hybrid: [], budgetSeconds });
  const asked: Ask[] = [];
  let reply: Reply | undefined;
  for (let count = 0; count < 3; count++) {
    const { value, done } = reply ? search.next(reply) : search.next();
    if (done || value.kind === 'point') break;
    asked.push(value);
    if (value.kind !== 'build') {
      reply = [];
      continue;
    }
    const request = value.requests[0] as BuildRequest;
    const isNone = request.spec.method === 'none';
    reply = [buildRecord({ request, seconds: isNone ? 0 : (thousand * (request.rows ?? rows)) / 1000 })];
  }
  return asked;
}

const aheads = (asked: readonly Ask[]): readonly (CostAhead | undefined)[] =>
  asked.flatMap((one) => (one.kind === 'release' ? [] : [one.ahead]));

it('builds a small graph before large ones, and then says what they will take here', () => {
  const asked = questions(10_000_000, { thousand: 1.2 });
  expect(asked[0]).toMatchObject({
    kind: 'build',
    requests: [{ rows: 312_500, spec: { method: 'hnsw' } }],
    orEarlier: true,
  });
  expect(asked[1]).toMatchObject({ kind: 'release' });
  const [guess, seen] = aheads(asked);
  expect(guess).toMatchObject({ seenRows: null, rows: 10_000_000 });
  // 375 seconds for a 32nd, N log N, and what builds vary by.
  expect(seen).toMatchObject({ seenRows: 312_500 });
  expect(seen!.graph.seconds).toBeGreaterThan(32 * 375);
  expect(seen!.graph.seconds).toBeLessThan(2.5 * 32 * 375);
  expect(seen!.seconds).toBeGreaterThan(seen!.graph.seconds);
});

it('says which share of a graph its memory does not hold, and how large everything becomes', () => {
  const [ahead] = aheads(questions(10_000_000));
  expect(ahead!.memory.availableBytes).toBe(2 ** 31);
  expect(ahead!.memory.neededBytes).toBeGreaterThan(10_000_000 * 768 * 4);
  expect(ahead!.spilledShare).toBeGreaterThan(0.9);
  expect(ahead!.tableBytes).toBeGreaterThan(10_000_000 * 768 * 4);
  expect(ahead!.graph.bytes).toBeGreaterThan(10_000_000 * 768 * 4);
});

it('names a choice on a subset as the way out of hours, and counts what that takes', () => {
  const { onSubset, seconds } = aheads(questions(10_000_000)).at(-1)!;
  expect(onSubset!.rows).toBe(1_250_000);
  const chosen = aheads(questions(10_000_000, { rowsBudget: 1_250_000 })).at(-1)!;
  expect(chosen.seconds / onSubset!.seconds).toBeCloseTo(1, 1);
  expect(chosen.onSubset).toBeNull();
  expect(chosen.seconds).toBeLessThan(0.8 * seconds);
});

it('builds nothing for it where graphs are quick, or the time is bounded anyway', () => {
  for (const asked of [questions(20_000), questions(10_000_000, { budgetSeconds: 3600 })]) {
    expect(asked[0]).toMatchObject({ kind: 'build', requests: [{ spec: { method: 'none' } }] });
  }
  const [ahead] = aheads(questions(20_000));
  expect(ahead).toMatchObject({ seenRows: null, onSubset: null, spilledShare: 0 });
});
