import { expect, it } from 'vitest';
import { hybridLines } from '../../src/cli/commands/tune/hybrid.js';
import { viewRun } from '../../src/reports/tune/run-view.js';
import type { HybridAnswer } from '../../src/results/index.js';
import { tuneAnswer } from '../support/records.js';
import { manifest } from '../support/run-manifest.js';

const option: HybridAnswer['options'][number] = {
  strategy: 'vector-only',
  text: { method: 'tsvector', language: 'simple' },
  spec: { method: 'none', representation: 'vector', parameters: {} },
  isControl: true,
  outcome: 'reaches',
  why: null,
  settings: {},
  builds: [],
  point: null,
  againstHighest: null,
};

const answer: HybridAnswer = {
  recall: 0.95,
  k: 10,
  rows: 1000,
  queries: 43,
  judged: null,
  filter: null,
  remarks: [],
  fusions: [],
  textLegs: [],
  bm25: [],
  options: [option],
  best: 0,
  rivals: [],
  legs: { vector: null, text: null },
  decision: { code: 'not-judged', data: { quicker: [] } },
};

const linesOf = (given: Partial<HybridAnswer>): readonly string[] =>
  hybridLines(
    viewRun({
      manifest: manifest('local'),
      records: [
        {
          type: 'answer',
          key: 'answer',
          finishedAt: '2026-01-01T00:00:00.000Z',
          answer: tuneAnswer({ hybrid: [{ ...answer, ...given }] }),
        },
      ],
    }),
  );

it('has the remarks that the figures need', () => {
  const remarks: HybridAnswer['remarks'] = [{ code: 'recall-of-these-queries', data: { queries: 43, needs: 59 } }];
  expect(linesOf({ remarks }).at(-1)).toMatch(/^ {2}The recall is that of these 43 queries\. About 59 queries /);
});

it('says of each strategy why it is not recommended, where none is', () => {
  const refused = { ...option, outcome: 'misses' as const };
  const why = { code: 'rows-not-shown' as const, data: { share: 1, queries: 43, needs: 60 } };
  const lines = linesOf({
    options: [{ ...refused, why }],
    best: null,
    decision: { code: 'nothing-reaches', data: {} },
  });
  expect(lines.slice(2)).toEqual([
    '  No strategy is shown to return the rows of its exact fusion.',
    expect.stringMatching(
      /^ {2}vector alone: It returns 100\.0 % of .*43 queries do not show .* about 60 would show it\.$/,
    ),
  ]);
});
