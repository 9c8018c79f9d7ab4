import { describe, expect, it } from 'vitest';
import { ask, at, type Search } from '../../src/results/index.js';
import type { PlainStep } from '../../src/progress.js';
import { withOutlook } from '../../src/tune/outlook/expect.js';
import { nothingHeard, remember } from '../../src/tune/shared/remember.js';
import { writesRecord } from '../support/records.js';

/** Three parts that take 10, 20 and 30 seconds, asked in two questions each. */
const SECONDS: Partial<Record<PlainStep, number>> = { exact: 10, control: 20, subset: 30 };

function outlooks(priors: Partial<Record<PlainStep, number>>, budgetSeconds: number | null = null): readonly number[] {
  const heard = nothingHeard();
  const agenda = Object.entries(priors).map(([step, prior]) => ({
    name: `plain ${step}`,
    kind: null,
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

  it('does not count a part that took longer than expected as done, and expects more of the rest', () => {
    expect(outlooks({ ...SECONDS, control: 10 })).toEqual([50, 45, 40, 31.5, 40, 25]);
  });

  it('passes over a part that is left out', () => {
    expect(outlooks({ exact: 10, control: 20, whole: 100, subset: 30 }).slice(4)).toEqual([30, 15]);
  });

  it('is at most what is left of a budget', () => {
    expect(outlooks(SECONDS, 45)).toEqual([45, 40, 35, 25, 15, 0]);
  });
});
