import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeFloat32, estimateQuality } from '../../../src/analysis/index.js';
import { querySet } from '../../../src/query-set.js';
import { viewRun } from '../../../src/reports/index.js';
import { hybridDecisionText } from '../../../src/reports/tune/hybrid/decision.js';
import type { Difference, HybridAnswer, HybridOption } from '../../../src/results/index.js';
import { manifest } from '../../support/run-manifest.js';
import { concludeHybrid } from '../../../src/tune/hybrid/conclude.js';
import type { HybridSpace } from '../../../src/tune/index.js';
import { contradictionsOf } from '../../support/contradictions.js';
import { buildRecord, measured, pointRecord } from '../../support/records.js';
import { hnsw } from '../../support/running-bench.js';
import { targetFor } from '../../support/spaces.js';

const option = (strategy: string, againstHighest: Difference | null): HybridOption => ({
  strategy,
  text: { method: 'tsvector', language: 'english' },
  spec: hnsw(),
  isControl: strategy.endsWith('-only'),
  outcome: 'reaches',
  why: null,
  settings: {},
  builds: [],
  point: null,
  againstHighest,
});

it('calls no leg worse whose difference from the highest shows nothing', () => {
  const answer: Pick<HybridAnswer, 'options' | 'best' | 'judged' | 'recall' | 'decision'> = {
    options: [
      option('rrf', null),
      // Shown to be worse than a third, not than the highest.
      option('vector-only', {
        difference: { value: -0.021, low: -0.052, high: 0.011 },
        verdict: 'no difference',
      }),
      option('text-only', { difference: { value: -0.2, low: -0.3, high: -0.1 }, verdict: 'worse' }),
    ],
    best: 0,
    judged: 43,
    recall: 0.95,
    decision: { code: 'fusion', data: { highest: 0, notWorse: [], queriesNeeded: null, betterUnmeasured: [] } },
  };
  const run = viewRun({ manifest: manifest('local'), records: [] });
  const text = hybridDecisionText(run, answer as HybridAnswer);
  expect(text).toContain('A single leg is shown to be worse: ');
  expect(text).toContain('0.200');
  expect(text).not.toContain('0.021');
});

const STRATEGIES = ['vector-only', 'text-only', 'rrf', 'normalised-sum', 'weighted-sum'];

it('says nothing of the best that the figures of the others refute, whatever was measured', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const finalist = fc.record({
    medianMs: fc.integer({ min: 1, max: 9 }),
    // Of one level for all queries, or of each its own.
    ndcg: fc.oneof(
      share.map((value) => Array.from({ length: 12 }, () => value)),
      fc.array(share, { minLength: 12, maxLength: 12 }),
    ),
    exact: share,
  });
  const text = { method: 'tsvector', language: 'english' } as const;
  const queries = querySet({ rows: 12, dimensions: 1, values: new Float32Array(12) });
  const question = { k: 10, metric: 'cosine' as const, queries, texts: [], text, filter: null };
  const space = {
    questions: [question],
    target: targetFor(),
    k: 10,
    rows: 1000,
    judged: 12,
    remarks: [],
  } as unknown as HybridSpace;
  fc.assert(
    fc.property(fc.array(finalist, { minLength: 2, maxLength: 5 }), fc.nat({ max: 4 }), (given, lost) => {
      const build = buildRecord({ request: { spec: hnsw() } });
      const points = given.map(({ medianMs, ndcg }, i) => {
        const quality = estimateQuality(ndcg);
        const judged = {
          queries: 12,
          ndcg: quality,
          reciprocalRank: quality,
          recall: quality,
          samples: encodeFloat32(ndcg),
        };
        const workload = { kind: 'hybrid', k: 10, text, strategy: STRATEGIES[i]! } as const;
        return pointRecord({
          key: `point ${i}`,
          request: { build: build.key, workload, purpose: 'confirm' },
          measured: { ...measured({ medianMs, recall: 1 }), ranking: { rbo: quality, judged, plans: [] } },
        });
      });
      const explored = points.map(({ request }, i) => ({
        question,
        strategy: { name: STRATEGIES[i]! } as never,
        option: {
          ...option(STRATEGIES[i]!, null),
          builds: [build.key],
          ...(i === lost && i > 0 ? { outcome: 'failed' as const } : {}),
        },
        final: i === lost && i > 0 ? null : request,
        medianMs: 1,
      }));
      const asked = explored.flatMap(({ final }) => final ?? []);
      const answer = concludeHybrid(space, {
        explored,
        fusions: given.map(({ exact }, i) => ({
          text,
          strategy: STRATEGIES[i]!,
          ndcg: { value: exact, low: exact, high: exact },
        })) as never,
        textLegs: [],
        bm25: [],
        finals: asked,
        confirmed: asked.map((request) => points.find((point) => point.request === request)!),
        searched: [],
        builds: new Map([[build.key, build]]),
      });
      const said = hybridDecisionText(viewRun({ manifest: manifest('local'), records: [build, ...points] }), answer);
      expect(contradictionsOf(said), said).toEqual([]);
      const seen = explored.flatMap(({ final }, i) =>
        final ? [{ i, ...given[i]!, value: points[i]!.measured!.ranking!.judged!.ndcg.value }] : [],
      );
      const highest = Math.max(...seen.map(({ value }) => value));
      const [, claimed] =
        /nDCG ([\d.]+), the highest measured|highest nDCG measured \(([\d.]+)/.exec(said)?.filter(Boolean) ?? [];
      if (claimed !== undefined) expect(Number(claimed), said).toBeCloseTo(highest, 3);
      const [, best, other] = /nDCG ([\d.]+) against ([\d.]+) of/.exec(said) ?? [];
      if (best !== undefined) expect(Number(best), said).toBeLessThanOrEqual(Number(other));
      if (answer.decision.code !== 'fusion') return;
      const notWorse = seen.filter(
        ({ i }) => answer.decision.code === 'fusion' && answer.decision.data.notWorse.includes(i),
      );
      for (const { medianMs } of notWorse) expect(given[answer.best!]!.medianMs, said).toBeLessThanOrEqual(medianMs);
    }),
    { numRuns: 60 },
  );
});
