import { expect, it } from 'vitest';
import { requestsOf, type SyntheticServer } from '../../support/synthetic-bench.js';
import { denserIsBetter, hnsw, tunedBeside } from '../../support/tuned-beside.js';

it('measures an existing index side by side with what is recommended', () => {
  const { result, bench } = tunedBeside(hnsw(4, { ef_search: 40 }));
  const { existing, recommendation } = result;
  expect(existing!.choice).toMatchObject(hnsw(4, { ef_search: 40 }));
  const last = bench.asked.findLast(({ kind }) => kind === 'point')!;
  expect(last).toMatchObject({
    requests: [
      { build: existing!.choice.build, settings: { ef_search: 40 } },
      { build: recommendation!.build, settings: recommendation!.settings },
    ],
  });
  expect(requestsOf(bench.asked, 'build').filter(({ spec }) => spec.parameters['m'] === 4)).toHaveLength(1);
});

it('measures nothing more where it is what is recommended', () => {
  const { recommendation } = tunedBeside(hnsw(4, { ef_search: 40 })).result;
  const { result } = tunedBeside(hnsw(16, recommendation!.settings));
  expect(result.existing).toEqual({ choice: result.recommendation, beside: result.recommendation!.point });
});

it('names none where a scan of all rows is recommended', () => {
  const quick: SyntheticServer = {
    ...denserIsBetter,
    figures: (spec, ...rest) =>
      spec.method === 'none' ? { recall: 1, medianMs: 0.01, buffers: 1 } : denserIsBetter.figures(spec, ...rest),
  };
  const { result } = tunedBeside(hnsw(4, { ef_search: 40 }), quick);
  expect(result.recommendation!.spec.method).toBe('none');
  expect(result.existing).toBeUndefined();
});
