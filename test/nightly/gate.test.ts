import { describe, expect, it } from 'vitest';
import { decodeFloat32, encodeFloat32 } from '../../src/analysis/index.js';
import { likelyCauses } from '../../src/nightly/gate/causes.js';
import { DEFAULT_RULES, FIRST_PAIRS, type GateVerdict, lookAt } from '../../src/nightly/gate/decide.js';
import { judgeGate } from '../../src/nightly/gate/judge.js';
import { gate, type GateOptions } from '../../src/nightly/gate/search.js';
import { createRandom } from '../../src/random.js';
import { gateDocument } from '../../src/reports/nightly/gate.js';
import {
  type Ask,
  askTogether,
  type GateAnswer,
  keyOf,
  type JournalRecord,
  type Reply,
  type RunFiles,
} from '../../src/results/index.js';
import { buildRecord, measured, pointRecord, tuneAnswer } from '../support/records.js';
import { manifest } from '../support/run-manifest.js';
import { answer } from '../support/synthetic-bench.js';

const LOOKS = 5;

/** A whole gate over made-up logarithms of ratios, look by look. */
function verdictOf(draw: () => number): GateVerdict {
  const logRatios: number[] = [];
  for (let look = 1; look <= LOOKS; look++) {
    for (let i = 0; i < FIRST_PAIRS * 2 ** (look - 1); i++) logRatios.push(draw());
    const { verdict } = lookAt(logRatios, look, DEFAULT_RULES);
    if (verdict !== 'undecided') return verdict;
  }
  return 'undecided';
}

/** Ratios of blocks as they are on a busy machine: 5 % and now and then a block that is half as slow again, on either side. */
function ratios(seed: string, slowdown: number): () => number {
  const random = createRandom(seed);
  return () => {
    const burst = random.next() < 0.05 ? (random.next() < 0.5 ? 0.4 : -0.4) : 0;
    return Math.log1p(slowdown) + 0.05 * random.normal() + burst;
  };
}

describe('the decision of the gate', () => {
  const outcomes = (slowdown: number, times: number): Record<GateVerdict, number> => {
    const counts = { slower: 0, 'not slower': 0, undecided: 0 };
    for (let i = 0; i < times; i++) counts[verdictOf(ratios(`${slowdown} ${i}`, slowdown))]++;
    return counts;
  };

  it('raises no alarm in 300 comparisons of equal sides, and stops early', () => {
    const { slower, undecided } = outcomes(0, 300);
    expect(slower).toBe(0);
    expect(undecided).toBeLessThan(10);
  });

  it('sees a slowdown of 5 % in at least 95 of 100', () => {
    expect(outcomes(0.05, 100).slower).toBeGreaterThanOrEqual(95);
  });

  it('never decides by fewer blocks than its error allows', () => {
    expect(lookAt([0.5, 0.5, 0.5, 0.5, 0.5], 1, DEFAULT_RULES).verdict).toBe('undecided');
  });
});

const TUNED = { spec: buildRecord().request.spec, settings: { ef_search: 60 } };
const BASE = { run: 'base', spec: TUNED.spec, settings: { ef_search: 40 } };

function* searchOf(recommends: typeof TUNED | null, hasFigures: boolean): GateOptions['tonight'] {
  const [build] = yield* askTogether('build', [buildRecord().request]);
  const point = pointRecord({ request: { settings: TUNED.settings } });
  return tuneAnswer(
    recommends
      ? { recommendation: { ...recommends, build: build!.key, point: point.key } }
      : {
          verdict: 'not reached',
          nearest: hasFigures ? [{ choice: { ...TUNED, build: build!.key, point: point.key }, unmet: [] }] : [],
        },
  );
}

/** Of the points that were measured in turn. */
const timedMsOf = (records: readonly JournalRecord[]): number =>
  records
    .flatMap((record) =>
      record.type === 'point' && record.measured ? [...decodeFloat32(record.measured.samples.latencyMs)] : [],
    )
    .reduce((sum, ms) => sum + ms, 0);

interface NightOptions {
  readonly recommends?: typeof TUNED | null;
  readonly budgetMs?: number;
  readonly spread?: number;
  readonly queries?: number;
  /** Whether tonight's search has figures. */
  readonly hasFigures?: boolean;
  /** Whether the candidate can be measured in turn. */
  readonly isMeasured?: boolean;
}

/** A server on which the setting of tonight takes so much longer, a query about a millisecond. */
function night(slowdown: number, given: NightOptions = {}) {
  const { recommends = TUNED, budgetMs = 1e9, spread = 0.02, queries = 1010 } = given;
  const { hasFigures = true, isMeasured = true } = given;
  const random = createRandom('night');
  const records: JournalRecord[] = [];
  const reply = (ask: Ask): Reply => {
    if (ask.kind === 'build') return ask.requests.map((request) => keep(buildRecord({ request })));
    if (ask.kind !== 'point') throw new Error(`Unexpected ${ask.kind}.`);
    return ask.requests.map((request) => {
      const ratio = request.settings['ef_search'] === 60 ? 1 + slowdown : 1;
      if (!isMeasured && request.settings['ef_search'] === 60) {
        return keep(pointRecord({ key: keyOf('point', request), request, status: 'void', measured: null }));
      }
      // As it is measured: in whole passes over queries that exist.
      expect(request.queries).toBeLessThanOrEqual(queries);
      const n = request.queries * Math.ceil(request.samples! / request.queries);
      const latencies = Array.from({ length: n }, () => ratio * Math.exp(spread * random.normal()));
      const figures = measured({ queries: request.queries, buffers: 100 * ratio });
      const samples = { ...figures.samples, returned: figures.samples.expected, latencyMs: encodeFloat32(latencies) };
      return keep(pointRecord({ key: keyOf('point', request), request, measured: { ...figures, samples } }));
    });
  };
  const keep = <R extends JournalRecord>(record: R): R => {
    records.push(record);
    return record;
  };
  const found = answer<GateAnswer>(
    gate({ baseline: BASE, tonight: searchOf(recommends, hasFigures), rules: DEFAULT_RULES, budgetMs, k: 10, queries }),
    reply,
  );
  const files: RunFiles = { folder: '', manifest: { ...manifest('local'), run: 'tonight', command: 'gate' }, records };
  return { found, files };
}

describe('the search of the gate', () => {
  it('stops at the first look when the answer is clear', () => {
    const { found } = night(0);
    expect(found.verdict).toBe('not slower');
    expect(found.looks).toHaveLength(1);
    expect(found.looks[0]!.pairs).toBe(FIRST_PAIRS);
    expect(night(0.1).found.verdict).toBe('slower');
  });

  it('goes on while it is unclear, and stops when the next look would go beyond the budget', () => {
    const unclear = { spread: 0.8 };
    const far = night(0.02, { ...unclear, budgetMs: 40_000 }).found;
    const near = night(0.02, { ...unclear, budgetMs: 4000 }).found;
    expect(near.verdict).toBe('undecided');
    expect(near.looks.length).toBeLessThan(far.looks.length);
    expect(far.looks.map(({ pairs }) => pairs).slice(0, 3)).toEqual([20, 60, 140]);
  });

  it.each([30, 80, 550, 1010, 10_000])('keeps to the budget after its first look, with %i queries', (queries) => {
    const given = { spread: 0.8, queries };
    const least = night(0.03, { ...given, budgetMs: 1 });
    const [first] = least.found.looks;
    expect(first!.pairs).toBeGreaterThan(FIRST_PAIRS / 1.5);
    expect(first!.pairs).toBeLessThan(FIRST_PAIRS * 1.5);
    // All looks so far take 1, 3, 7 … times as long as the first.
    for (const [share, looks] of [
      [2.5, 1],
      [4, 2],
      [9, 3],
    ] as const) {
      const budgetMs = share * timedMsOf(least.files.records);
      const { found, files } = night(0.03, { ...given, budgetMs });
      expect(found.looks).toHaveLength(looks);
      expect(timedMsOf(files.records)).toBeLessThan(budgetMs);
    }
  });

  it('does not measure a setting against itself, and says when tonight nothing reaches the target', () => {
    const same = night(0, { recommends: { ...TUNED, settings: BASE.settings } }).found;
    expect(same).toMatchObject({ verdict: 'same setting', rounds: [{ candidate: null }] });
    expect(night(0, { recommends: null }).found.verdict).toBe('not reached');
    expect(night(0, { recommends: null, hasFigures: false }).found.verdict).toBe('not measured');
  });
});

describe('the judgement of a night', () => {
  const interest = { recall: 0.01, work: 0.1 };
  const baseline = night(0, { recommends: { ...TUNED, settings: BASE.settings } }).files;

  it('passes an equal night, and fails a slower one with its likely cause', () => {
    const equal = night(0);
    expect(judgeGate(baseline, equal.files, equal.found, interest)).toMatchObject({ verdict: 'good', causes: [] });
    const slow = night(0.2);
    const judgement = judgeGate(baseline, slow.files, slow.found, interest);
    expect(judgement.verdict).toBe('bad');
    expect(judgement.causes.map(({ code }) => code)).toEqual(['more-work']);
    expect(gateDocument(judgement, slow.found)).toContain('A query touches 20.0 % more buffers:');
  });

  it('lists what changed between the nights, and does not compare figures of other data', () => {
    const tonight = night(0);
    const changed: RunFiles = {
      ...tonight.files,
      manifest: {
        ...tonight.files.manifest,
        dataset: { ...tonight.files.manifest.dataset, hash: 'cd'.repeat(32) },
        server: { ...tonight.files.manifest.server, pgvector: '0.8.1', settings: { jit: 'on' } },
      },
    };
    const judgement = judgeGate(baseline, changed, tonight.found, interest);
    expect(judgement.changes.map(({ what, name }) => name ?? what)).toEqual(['dataset', 'pgvector', 'jit']);
    expect(judgement.thenAndNow).toEqual([]);
    expect(judgement.verdict).toBe('undecided');
    expect(gateDocument(judgement, tonight.found)).toContain('Not compared: the data changed');
    const slow = night(0.2);
    const both = { ...slow.files, manifest: changed.manifest };
    expect(judgeGate(baseline, both, slow.found, interest).verdict).toBe('bad');
  });

  it('shows nothing to be worse where something could not be measured', () => {
    for (const tonight of [night(0, { isMeasured: false }), night(0, { recommends: null, hasFigures: false })]) {
      expect(tonight.found.verdict).toBe('not measured');
      expect(judgeGate(baseline, tonight.files, tonight.found, interest).verdict).toBe('undecided');
    }
    const none = night(0, { recommends: null });
    expect(judgeGate(baseline, none.files, none.found, interest).verdict).toBe('bad');
  });

  it('fails when the baseline setting finds less than it did', () => {
    const tonight = night(0);
    const before: RunFiles = {
      ...baseline,
      records: baseline.records.map((record) =>
        record.type === 'point' && record.measured
          ? {
              ...record,
              measured: {
                ...record.measured,
                samples: { ...record.measured.samples, hits: record.measured.samples.expected },
              },
            }
          : record,
      ),
    };
    expect(judgeGate(before, tonight.files, tonight.found, interest).verdict).toBe('bad');
  });
});

describe('likely causes', () => {
  const base = measured();

  it('tell the server, its cache, its plan and the way to it apart', () => {
    const codes = (change: Parameters<typeof measured>[1]) =>
      likelyCauses(
        { ...base, serverMs: { explain: { n: 50, median: { value: 1, low: 1, high: 1 } }, statements: null } },
        measured(
          {},
          { serverMs: { explain: { n: 50, median: { value: 1, low: 1, high: 1 } }, statements: null }, ...change },
        ),
      ).map(({ code }) => code);
    expect(codes({})).toEqual([]);
    expect(codes({ clientFloorMs: 0.4 })).toEqual(['round-trip']);
    expect(codes({ buffers: { ...base.buffers, meanRead: 12 } })).toEqual(['cache-reads']);
    const planCache = { mode: 'auto', generic: 'Index Scan', custom: 'Index Scan' } as const;
    const before = measured({}, { planCache: { ...planCache, genericPlans: 20, customPlans: 100 } });
    const after = (generic: number | null) =>
      likelyCauses(
        before,
        measured({}, { planCache: { ...planCache, genericPlans: generic, customPlans: generic && 0 } }),
      );
    expect(after(20).map(({ code }) => code)).toEqual(['planning']);
    expect(after(null)).toEqual([]);
    expect(codes({ plan: { ...base.plan, node: 'Seq Scan' } })).toEqual(['plan-changed']);
    expect(
      codes({ serverMs: { explain: { n: 50, median: { value: 1.3, low: 1.2, high: 1.4 } }, statements: null } }),
    ).toEqual(['server-time']);
  });
});
