import { expect, it } from 'vitest';
import { tunedFacts } from '../../src/cli/commands/audit/tuned-facts.js';
import { type RunView, viewRun } from '../../src/reports/index.js';
import type { TuneAnswer } from '../../src/results/index.js';
import { manifest } from '../support/run-manifest.js';
import { hnsw, tunedBeside } from '../support/tuned-beside.js';

const { result, records } = tunedBeside(hnsw(4, { ef_search: 40 }));

/** The run, as if it had ended otherwise. */
const ended = (change: Partial<TuneAnswer> = {}): RunView => ({
  ...viewRun({ manifest: manifest('local'), records }),
  answer: { ...result, ...change },
});

it('says what was recommended, and what the existing index gave beside it', () => {
  const run = ended();
  const { existing, recommended, ...rest } = tunedFacts(run);
  expect(rest).toEqual({ run: 'r', outcome: 'tuned' });
  const { spec, settings } = result.recommendation!;
  expect(recommended).toMatchObject({ method: 'hnsw', parameters: spec.parameters, settings, bytes: 15.6e6 });
  expect(recommended!.recall.low).toBeGreaterThan(0.93);
  expect(existing).toMatchObject({
    parameters: { m: 4, ef_construction: 64 },
    settings: { ef_search: 40 },
    bytes: 14.4e6,
  });
  expect(existing!.recall.high).toBeLessThan(0.95);
  expect(existing!.pages.value).toBe(run.points.get(result.existing!.choice.point)!.measured!.buffers.mean.value);
});

const scanned: Partial<TuneAnswer> = {
  recommendation: { ...result.recommendation!, spec: { method: 'none', representation: 'vector', parameters: {} } },
};
const outOfTime: Partial<TuneAnswer> = {
  ...scanned,
  budget: { seconds: 1, spentSeconds: 1, omissions: [{ code: 'configuration', data: {} }] },
};

it.each([
  ['not-reached', { recommendation: null }],
  ['exact-scan', scanned],
  ['out-of-time', outOfTime],
] as const)('recommends nothing where a run ended as %s', (outcome, change) => {
  expect(tunedFacts(ended(change))).toMatchObject({ outcome, existing: null, recommended: null });
});
