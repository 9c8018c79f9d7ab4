import { describe, expect, it } from 'vitest';
import type { ShownHybridDecision } from '../../../src/reports/text/shown-hybrid-decision.js';
import { LANGUAGES } from '../../../src/languages.js';
import { textOf } from '../../../src/reports/text/catalogue.js';
import { runTextsIn } from '../../../src/reports/text/run-languages.js';
import type { HybridObstacle, HybridRemark } from '../../../src/results/index.js';
import { noQueries } from '../../../src/query-set.js';
import { hybridStrategies, textLegs } from '../../../src/workloads/index.js';
import { tableScanned } from '../../support/records.js';

const { hybrid } = runTextsIn('en');

const OBSTACLES: readonly HybridObstacle[] = [
  { code: 'ordered-text-index', data: { method: 'trigram' } },
  { code: 'no-query-matches', data: {} },
  { code: 'not-measured', data: {} },
  { code: 'vector-index-unused', data: {} },
  { code: 'rows-missed', data: { share: 0.6, medianMs: 1.234 } },
  { code: 'rows-not-shown', data: { share: 1, queries: 43, needs: 60 } },
  { code: 'bounds-unmet', data: { unmet: [{ code: 'index_size', data: { bytes: 60e6, bound: 50e6 } }] } },
  tableScanned,
];

const REMARKS: readonly HybridRemark[] = [
  { code: 'queries-without-text', data: { queries: 1 } },
  { code: 'queries-without-text', data: { queries: 3 } },
  { code: 'queries-without-filter', data: { queries: 1, of: 50 } },
  { code: 'queries-without-filter', data: { queries: 3, of: 50 } },
  { code: 'unknown-judgements', data: { judgements: 2 } },
  { code: 'unknown-judgements', data: { judgements: 2, first: [{ query: 'q1', row: 'd9' }] } },
  { code: 'queries-without-relevant-row', data: { queries: 4, of: 50 } },
  { code: 'other-language', data: { language: 'english', texts: 'russian', script: 'Cyrillic' } },
  { code: 'other-language', data: { language: 'english', texts: null, script: 'Cyrillic' } },
  { code: 'words-without-spaces', data: { script: 'Han' } },
];

it('has a meaning for every setting of a statement', () => {
  const settings = hybridStrategies.flatMap(({ knobs }) =>
    textLegs.flatMap(({ name }) => knobs(questionOf(name), BITS)),
  );
  expect(new Set(settings.map(({ name }) => name))).toEqual(new Set(Object.keys(hybrid.settings)));
});

const BITS = { method: 'hnsw', representation: 'bit' as const, parameters: {} };
const questionOf = (method: string) => ({
  k: 10,
  metric: 'cosine' as const,
  queries: noQueries(1),
  texts: [],
  text: { method, language: 'simple' },
  filter: null,
});

const judged = {
  rankedBy: 'p95' as const,
  best: { name: 'vector alone', ndcg: '0.481', p50: '7 ms' },
  highest: { name: 'reciprocal rank fusion', ndcg: '0.484', p50: '20 ms', difference: '−0.003 [−0.015, +0.009]' },
  judged: 225,
  notShownToKeep: null,
  legs: [],
  betterUnmeasured: [],
};

const DECISIONS: readonly ShownHybridDecision[] = [
  { code: 'nothing-reaches', data: {} },
  { code: 'not-judged', data: { rankedBy: 'p95', p50: '1.5 ms', quicker: [] } },
  { code: 'not-judged', data: { rankedBy: 'p50', p50: '1.5 ms', quicker: ['weighted sum', 'all text matches'] } },
  { code: 'one-leg', data: judged },
  { code: 'one-leg', data: { ...judged, highest: null } },
  { code: 'one-leg', data: { ...judged, judged: 43, notShownToKeep: { share: '95 %', queriesNeeded: 1234 } } },
  { code: 'fusion', data: { ...judged, legs: [{ name: 'text alone', difference: '−0.2 [−0.3, −0.1]' }] } },
  {
    code: 'fusion',
    data: {
      ...judged,
      highest: null,
      betterUnmeasured: [
        { name: 'vector alone', ndcg: '0.993', ofBest: '0.481', why: 'Seq Scan on items' },
        { name: 'mixed order', ndcg: '0.985', ofBest: '0.481', why: '' },
      ],
    },
  },
];

describe('what is said of hybrid queries', () => {
  it.each(LANGUAGES)('reads so in English: %s', async (language) => {
    const { hybrid } = runTextsIn(language);
    const figures = { ndcg: '0.361', ofRank: '0.314', difference: '+0.047 [+0.020, +0.070]' };
    const lines = [
      ...OBSTACLES.map((fact) => textOf(hybrid.obstacles, fact)),
      ...REMARKS.map((fact) => textOf(hybrid.remarks, fact)),
      ...DECISIONS.map((fact) => textOf(hybrid.decisions, fact)),
      hybrid.degenerate.textShutOut('reciprocal rank fusion'),
      hybrid.degenerate.sameRows('reciprocal rank fusion', 'the vector leg alone', 225, 225),
      hybrid.textLegs.matches('full text search', {
        median: '1.2 %',
        mean: '3.4 %',
        max: '56.0 %',
        without: 12,
        queries: 130,
      }),
      hybrid.textLegs.matches('full text search', {
        median: '1 %',
        mean: '1 %',
        max: '2 %',
        without: 0,
        queries: 9,
      }),
      hybrid.textLegs.frequent(12, 130, [{ word: 'data', share: '71.0 %' }]),
      hybrid.candidates.intro,
      hybrid.candidates.reranked,
      ...(['better', 'worse', 'no difference'] as const).map((verdict) => hybrid.bm25[verdict](figures)),
    ].join('\n');
    expect(lines).not.toMatch(/undefined|NaN|\[object/);
    await expect(`${lines}\n`).toMatchFileSnapshot(`hybrid.${language}.txt`);
  });

  it('never calls the best the highest where another is, and compares nothing with itself', () => {
    for (const decision of DECISIONS) {
      if (decision.code !== 'one-leg' && decision.code !== 'fusion') continue;
      const text = textOf(hybrid.decisions, decision);
      if (decision.data.highest) {
        expect(text).toContain(decision.data.highest.difference);
        expect(text).not.toMatch(/the highest measured/);
      } else expect(text).not.toMatch(/against .* of vector alone/);
    }
  });
});
