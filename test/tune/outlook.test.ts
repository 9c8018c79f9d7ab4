import { describe, expect, it } from 'vitest';
import { ask, at, type BuildRecord, type Search } from '../../src/results/index.js';
import type { PlainStep } from '../../src/progress.js';
import { withOutlook } from '../../src/tune/outlook/expect.js';
import { type Heard, nothingHeard, remember } from '../../src/tune/common/remember.js';
import { buildRecord, pointRecord, throughputRecord, writesRecord } from '../support/records.js';

/** Three parts that take 10, 20 and 30 seconds, asked in two questions each. */
const SECONDS: Partial<Record<PlainStep, number>> = { exact: 10, control: 20, subset: 30 };

function outlooks(priors: Partial<Record<PlainStep, number>>, budgetSeconds: number | null = null): readonly number[] {
  const heard = nothingHeard();
  const agenda = Object.entries(priors).map(([step, prior]) => ({
    name: `plain ${step}`,
    prior: () => prior,
  }));
  function* parts(): Search<void> {
    for (const step of Object.keys(SECONDS) as PlainStep[]) {
      for (const build of ['a', 'b']) yield* at({ code: 'plain', data: { step } }, ask('writes', { build }));
    }
  }
  const search = withOutlook(remember(parts(), heard), agenda, { heard, budgetSeconds });
  const expected: number[] = [];
  let spentSeconds = 0;
  for (let next = search.next(); !next.done;) {
    if (next.value.kind !== 'writes') throw new TypeError(next.value.kind);
    expected.push(next.value.expectedSeconds!);
    const place = next.value.at!;
    spentSeconds += place.code === 'plain' ? SECONDS[place.data.step]! / 2 : 0;
    next = search.next(next.value.requests.map((request) => ({ ...writesRecord({ request }), spentSeconds })));
  }
  return expected;
}

describe('how long a run is expected to go on', () => {
  it('is what is left of its parts', () => {
    expect(outlooks(SECONDS)).toEqual([60, 55, 50, 40, 30, 15]);
  });

  it('does not count a part that took longer than expected as done', () => {
    expect(outlooks({ ...SECONDS, control: 10 })).toEqual([50, 45, 40, 31.5, 30, 15]);
  });

  it('passes over a part that is left out', () => {
    expect(outlooks({ exact: 10, control: 20, whole: 100, subset: 30 }).slice(4)).toEqual([30, 15]);
  });

  it('is at most what is left of a budget', () => {
    expect(outlooks(SECONDS, 45)).toEqual([45, 40, 35, 25, 15, 0]);
  });

  it('is by what others of a kind took, for their size', () => {
    const agenda = [1, 2, 4].map((clients) => ({
      name: `plain load ${clients}`,
      alike: { kind: 'load', size: clients },
      prior: () => 10 * clients,
    }));
    function* loads(): Search<void> {
      for (const concurrency of [1, 2, 4]) {
        const { request } = throughputRecord({ request: { mode: { kind: 'closed', concurrency, seconds: 3 } } });
        yield* at({ code: 'plain', data: { step: 'finish' } }, ask('throughput', request));
      }
    }
    const heard = nothingHeard();
    const search = withOutlook(remember(loads(), heard), agenda, { heard, budgetSeconds: null });
    const expected: (number | undefined)[] = [];
    for (let next = search.next(), spentSeconds = 5; !next.done; spentSeconds += 10) {
      if (next.value.kind !== 'throughput') throw new TypeError(next.value.kind);
      expected.push(next.value.expectedSeconds);
      next = search.next(next.value.requests.map((request) => ({ ...throughputRecord({ request }), spentSeconds })));
    }
    // The first takes 5 seconds, the second 10.
    expect(expected).toEqual([70, 30, 20]);
  });
});

describe('what looks at settings took', () => {
  const exact = buildRecord({ request: { spec: { method: 'none', representation: 'vector', parameters: {} } } });
  const graph = buildRecord();

  function heardOf(looks: readonly { readonly build: BuildRecord; readonly seconds: number }[]): Heard {
    const heard = nothingHeard();
    function* search(): Search<void> {
      yield* ask('build', exact.request);
      yield* ask('build', graph.request);
      for (const { build } of looks) yield* ask('point', pointRecord({ request: { build: build.key } }).request);
    }
    const asked = remember(search(), heard);
    asked.next();
    asked.next([exact]);
    asked.next([graph]);
    let spentSeconds = 0;
    for (const { build, seconds } of looks) {
      spentSeconds += seconds;
      asked.next([{ ...pointRecord({ request: { build: build.key, purpose: 'search' } }), spentSeconds }]);
    }
    return heard;
  }

  it('is kept of indexes alone, their queries apart', () => {
    const heard = heardOf([
      { build: exact, seconds: 50 },
      { build: graph, seconds: 2 },
    ]);
    expect(heard.looks.plain).toMatchObject({ count: 1, besideSeconds: 1, queries: 1000, querySeconds: 1 });
  });

  it('counts the more the later it was', () => {
    const busyFirst = heardOf([10, 1, 1, 1].map((seconds) => ({ build: graph, seconds }))).looks.plain;
    const busyLast = heardOf([1, 1, 1, 10].map((seconds) => ({ build: graph, seconds }))).looks.plain;
    expect(busyFirst.count).toBe(busyLast.count);
    expect(busyFirst.besideSeconds).toBeLessThan(busyLast.besideSeconds);
  });
});
