import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answer, requestsOf, syntheticBench, type SyntheticServer } from '../../support/synthetic-bench.js';
import { defaultFamilies, type Space, tune } from '../../../src/tune/index.js';
import { doesNotPay } from '../../../src/tune/plain/payback.js';
import { buildRecord } from '../../support/records.js';
import { spaceFor } from '../../support/spaces.js';
import type { IndexSpec } from '../../../src/vocabulary.js';

const spec: IndexSpec = { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 } };
const situation = { rows: 30_000, dimensions: 96, metric: 'cosine' as const, pgvector: '0.8.6' };
const size = { rows: situation.rows, dimensions: situation.dimensions };

const space = (target: Partial<Space['target']>): Space =>
  spaceFor({ families: defaultFamilies(situation, [{ representation: 'vector' }]), ...size }, target);

describe('a build pays', () => {
  const known = [buildRecord({ request: { spec }, seconds: 30 })];
  const judge = (target: Partial<Space['target']>, prospect: { saving: number; medianMs: number | null }) =>
    doesNotPay(space(target), { spec, ...prospect }, known);

  it('when it saves at least its own seconds of the queries of a day', () => {
    const queriesPerDay = fc.integer({ min: 1, max: 10_000_000 });
    const saving = fc.double({ min: 0, max: 1, noNaN: true });
    const medianMs = fc.double({ min: 0.01, max: 1000, noNaN: true });
    fc.assert(
      fc.property(queriesPerDay, saving, medianMs, (perDay, share, ms) => {
        const why = judge({ queriesPerDay: perDay }, { saving: share, medianMs: ms });
        expect(why === null).toBe((share * ms * perDay) / 1000 >= 30);
        if (why?.code === 'does-not-pay') expect(why.data.savedSeconds).toBeLessThan(why.data.buildSeconds);
      }),
    );
  });

  it.each([
    ['where nobody said how many there are', {}, 1],
    ['where nothing reaches the recall yet', { queriesPerDay: 1 }, null],
    ['where size is what counts', { queriesPerDay: 1, minimise: 'index_bytes' as const }, 1],
  ])('or is made all the same, %s', (_, target, medianMs) => {
    expect(judge(target, { saving: 0.1, medianMs })).toBeNull();
  });

  it('or is made all the same, where nothing like it was built', () => {
    expect(doesNotPay(space({ queriesPerDay: 1 }), { spec, saving: 0.1, medianMs: 1 }, [])).toBeNull();
  });
});

describe('tune with a stated number of queries a day', () => {
  const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
  /** Denser graphs are quicker at the same recall; a build takes minutes. */
  const server: SyntheticServer = {
    figures({ method, parameters }, knob) {
      if (method === 'none') return { recall: 1, medianMs: 80, buffers: 9000 };
      if (method === 'ivfflat') {
        const share = knob / Number(parameters['lists']);
        return {
          recall: logistic(2 + 3 * Math.log10(share * 100)) - 0.02,
          medianMs: 1 + 30 * share,
          buffers: 9000 * share,
        };
      }
      const m = Number(parameters['m']);
      const recall = Math.min(0.999, logistic(1 + 0.9 * Math.log2((knob * m) / 64)));
      return { recall, medianMs: 0.2 + 0.0011 * knob * m ** 0.6, buffers: 100 + 2 * knob * m ** 0.6 };
    },
    buildSeconds: (_, rows = situation.rows) => (300 * rows) / situation.rows,
  };
  const builds = (target: Partial<Space['target']>) => {
    const bench = syntheticBench(server);
    const result = answer(tune(space(target)), bench.reply);
    const whole = requestsOf(bench.asked, 'build').filter(
      ({ rows, repeat, spec: { method } }) => !rows && !repeat && method !== 'none',
    );
    const unpaid = result.rejected.filter(({ why }) => why.code === 'does-not-pay');
    return { result, whole: whole.length, unpaid };
  };

  it('makes no build on all rows that a day does not pay, and names it', () => {
    const few = builds({ queriesPerDay: 1000 });
    expect(few.whole).toBe(1);
    expect(few.result.verdict).toBe('recommended');
    expect(few.unpaid.length).toBeGreaterThan(0);
    expect(new Set(few.result.rejected.map(({ choice }) => JSON.stringify(choice.spec))).size).toBe(
      few.result.rejected.length,
    );
  });

  it('builds as it would without the number, where there are many', () => {
    const many = builds({ queriesPerDay: 1e9 });
    const without = builds({});
    expect(many.unpaid).toEqual([]);
    expect(many.whole).toBe(without.whole);
    expect(many.result.recommendation).toEqual(without.result.recommendation);
  });
});
