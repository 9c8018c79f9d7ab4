import { expect, it } from 'vitest';
import { viewRun } from '../../../src/reports/index.js';
import { hybridDecisionText } from '../../../src/reports/tune/hybrid/decision.js';
import type { Difference, HybridAnswer, HybridOption } from '../../../src/results/index.js';
import { manifest } from '../../support/run-manifest.js';
import { hnsw } from '../../support/running-bench.js';

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
