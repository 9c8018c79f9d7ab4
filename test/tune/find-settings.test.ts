import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recallKnob, indexKind } from '../../src/indexes/index.js';
import type { Ask, PointRecord, PointRequest, Reply } from '../../src/results/index.js';
import { findSettings, type Found } from '../../src/tune/find-settings.js';
import { candidatesOf } from '../../src/tune/space.js';

const knob = recallKnob(indexKind('hnsw'))!;

const request = (value: number): PointRequest => ({
  build: 'b',
  workload: { kind: 'plain', k: 10 },
  settings: { ef_search: value },
  queries: 100,
  purpose: 'search',
});

const valueOf = (point: PointRecord | null): number | null =>
  point ? Number(point.request.settings['ef_search']) : null;

/** Runs the search on a threshold: values from `least` on reach the target. */
function find(values: readonly number[], first: number, least: number, dear = Infinity): Found & { asked: number[] } {
  const asked: number[] = [];
  const search = findSettings({
    candidates: { knob, values },
    first,
    request,
    reaches: (point) => valueOf(point)! >= least,
    hopeless: (point) => valueOf(point)! >= dear,
  });
  const reply = (ask: Ask): Reply => {
    if (ask.kind !== 'points') throw new Error(ask.kind);
    asked.push(...ask.points.map(({ settings }) => Number(settings['ef_search'])));
    return { kind: 'points', points: ask.points.map((point) => ({ request: point, measured: {} }) as PointRecord) };
  };
  let step = search.next();
  while (!step.done) step = search.next(reply(step.value));
  return { ...step.value, asked };
}

const all = candidatesOf(
  { spec: { method: 'hnsw', storage: 'vector', parameters: { m: 16, ef_construction: 64 } }, knobValues: null },
  10,
)!.values;

describe('findSettings', () => {
  it('finds the least value that reaches the target, wherever it starts', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 1200 }),
        fc.integer({ min: 1, max: 1200 }),
        (list, first, least) => {
          const values = list.toSorted((a, b) => a - b);
          const found = find(values, first, least);
          expect(valueOf(found.cheapest)).toBe(values.find((value) => value >= least) ?? null);
          expect(new Set(found.asked).size).toBe(found.asked.length);
        },
      ),
    );
  });

  it('needs about ten points of all that ef_search can be', () => {
    for (const least of [10, 37, 80, 200, 640, 1000]) {
      expect(find(all, 40, least).asked.length).toBeLessThanOrEqual(11);
    }
  });

  it('gives up at a value that misses the target and is too dear already', () => {
    const found = find(all, 40, 800, 100);
    expect(found.cheapest).toBeNull();
    expect(valueOf(found.givenUp)).toBe(Math.max(...found.asked));
    expect(Math.max(...found.asked)).toBeLessThan(200);
  });

  it('keeps a value that reaches the target even though it is dear', () => {
    expect(valueOf(find(all, 40, 50, 45).cheapest)).toBeNull();
    expect(valueOf(find(all, 40, 30, 35).cheapest)).toBe(30);
  });
});

describe('candidatesOf', () => {
  it('begins where k rows can come back and ends where the method does', () => {
    expect(all[0]).toBe(10);
    expect(all.at(-1)).toBe(1000);
    expect(all.every((value, i) => i === 0 || value > all[i - 1]!)).toBe(true);
  });

  it('probes no more lists than there are', () => {
    const spec = { method: 'ivfflat', storage: 'vector' as const, parameters: { lists: 30 } };
    const { values } = candidatesOf({ spec, knobValues: null }, 10)!;
    expect(values[0]).toBe(1);
    expect(values.at(-1)).toBe(30);
  });

  it('keeps to the values that a configuration names', () => {
    const spec = { method: 'hnsw', storage: 'vector' as const, parameters: { m: 16, ef_construction: 64 } };
    expect(candidatesOf({ spec, knobValues: [5, 40, 80] }, 10)!.values).toEqual([40, 80]);
  });

  it('has none for the exact scan', () => {
    expect(
      candidatesOf({ spec: { method: 'none', storage: 'vector', parameters: {} }, knobValues: null }, 10),
    ).toBeUndefined();
  });
});
