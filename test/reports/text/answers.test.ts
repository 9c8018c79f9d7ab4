import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../src/languages.js';
import { type Catalogue, textOf } from '../../../src/reports/text/catalogue.js';
import { runTextsIn } from '../../../src/reports/text/run-languages.js';
import type { RunTexts } from '../../../src/reports/text/run-texts.js';
import type {
  Binding,
  CostComparison,
  DefaultIndex,
  Ground,
  Growth,
  Need,
  NotBuilt,
  RepresentationWhy,
  Unmet,
  WayOut,
  WhyNot,
} from '../../../src/results/index.js';
import type { IndexSpec } from '../../../src/vocabulary.js';
import { refused, restarted, tableScanned } from '../../support/records.js';
import { type Examples, type Fact, linesOf } from './examples.js';

/*
 * What is said of a plain tuning's answer, sentence by sentence.
 */

const MB = 1024 ** 2;
const spec: IndexSpec = { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 } };
const settings = { ef_search: 80 };
const upkeep = { buffers: 331, indexBytes: 8 * MB, buildSeconds: 2 };
const equivalent: CostComparison = {
  goal: 'p95',
  verdict: 'equivalent',
  ratio: 1.012,
  low: 0.991,
  high: 1.034,
  margin: 0.05,
  pairs: 28,
  one: { buffers: 477.4, indexBytes: 12 * MB, buildSeconds: 12 },
  other: upkeep,
};
const costsMore: CostComparison = { ...equivalent, verdict: 'more', ratio: 1.16, low: 1.14, high: 1.18 };
const less: CostComparison = { ...equivalent, verdict: 'less', ratio: 0.9, low: 0.88, high: 0.92 };
const undecided: CostComparison = { ...equivalent, verdict: 'undecided', low: 0.93, high: 1.12 };
const larger: CostComparison = {
  ...costsMore,
  goal: 'index_bytes',
  ratio: 1.5,
  low: 1.5,
  high: 1.5,
  margin: 0,
  pairs: 0,
};
const lost = { status: 'void', reason: restarted } as const;

const GROUNDS: Examples<Ground> = {
  'no-plain-workload': [{}],
  'nothing-measured': [
    { exactScan: 'void', reason: restarted },
    { exactScan: 'failed', reason: refused('out of memory') },
    { exactScan: null, reason: null },
  ],
  'nothing-reaches': [
    { recall: 0.95, areBoundsAsked: false },
    { recall: 0.95, areBoundsAsked: true },
  ],
  'exact-scan-suffices': [
    { buffers: 12, k: 10 },
    { buffers: null, k: 10 },
  ],
  'nothing-else-meets': [{}],
  'runner-up': [
    { comparison: costsMore },
    { comparison: { ...costsMore, goal: 'throughput' } },
    { comparison: { ...costsMore, high: null } },
    { comparison: less },
    { comparison: equivalent },
    { comparison: undecided },
    { comparison: larger },
    { comparison: { ...larger, ratio: null, high: null, other: { ...upkeep, indexBytes: 0, buildSeconds: 0 } } },
    { comparison: { ...equivalent, goal: 'index_bytes', ratio: 1, low: 1, high: 1, margin: 0, pairs: 0 } },
  ],
  'default-preferred': [{}],
  'builds-failed': [
    { asked: 2, failed: 2, reason: refused('out of memory') },
    { asked: 1, failed: 1, reason: null },
    { asked: 3, failed: 1, reason: refused('out of memory') },
  ],
  'builds-not-measured': [
    { of: 3, builds: 1, reason: tableScanned },
    { of: 3, builds: 2, reason: null },
  ],
  'builds-differ': [
    { builds: 3, recallSd: 0.002, low: 0.9523, wanted: 0.95, reached: true },
    { builds: 3, recallSd: 0.02, low: 0.9123, wanted: 0.95, reached: false },
  ],
};

const NOT_BUILT: Examples<NotBuilt> = {
  'would-be-too-large': [{ bytes: 9 * MB, bound: 2 * MB }],
  'centres-need-memory': [{ bytes: 300 * MB, given: 64 * MB }],
  'returns-too-few-rows': [{ knob: 'ef_search', k: 50 }],
  'never-used-by-planner': [{ knob: 'ef_search' }],
  'denser-on-as-many-pages': [{ spec }],
  'does-not-pay': [{ queriesPerDay: 50_000, savedSeconds: 4.2, buildSeconds: 61 }],
};

const UNMET: Examples<Unmet> = {
  recall: [{ value: 0.9534, low: 0.9421, wanted: 0.95 }],
  p95: [
    { ms: 3.2, needs: 72, boundMs: 2 },
    { ms: null, needs: 72, boundMs: 2 },
    { ms: null, needs: null, boundMs: 2 },
  ],
  index_size: [{ bytes: 9 * MB, bound: 2 * MB }],
  build_time: [{ seconds: 90, bound: 60 }],
  any_build: [{}],
  other_builds_failed: [{ failed: 2 }],
};

const unmet: Unmet[] = [
  { code: 'recall', data: UNMET.recall[0]! },
  { code: 'index_size', data: UNMET.index_size[0]! },
];

const WHY_NOT: Examples<WhyNot> = {
  ...NOT_BUILT,
  'build-failed': [{ reason: refused('memory required is 800 MB') }],
  'subset-gave-up': [{ rows: 12_000, recall: 0.96 }],
  'subset-recall-ends': [
    { rows: 12_000, recall: 0.9312, beyond: null },
    { rows: 12_000, recall: 0.9312, beyond: lost },
  ],
  'subset-promises-less': [
    { rows: 12_000, ratio: 1.08 },
    { rows: 12_000, ratio: 0.97 },
    { rows: 12_000, ratio: 1.001 },
  ],
  'misses-target': [{ settings, unmet }],
  compared: [
    { settings, comparison: costsMore },
    { settings, comparison: equivalent },
  ],
  'gave-up': [{ settings, buffers: 812.3, recall: 0.93, wanted: 0.95 }],
  'recall-ends': [
    { settings, recall: 0.93, low: 0.92, wanted: 0.95, beyond: null },
    { settings, recall: 0.93, low: 0.92, wanted: 0.95, beyond: lost },
  ],
  'no-usable-point': [{ reason: restarted }, { reason: null }],
};

const NEEDS: Examples<Need> = {
  recall: [
    { low: 0.93419, ofAnyBuild: false },
    { low: 0.93419, ofAnyBuild: true },
  ],
  p95: [{ ms: 3.84 }],
  index_size: [
    { bytes: 9 * MB, isPredicted: false },
    { bytes: 9 * MB, isPredicted: true },
  ],
  build_time: [{ seconds: 90 }],
  build_memory: [
    { bytes: 300 * MB, keepsOffDisk: true },
    { bytes: 300 * MB, keepsOffDisk: false },
  ],
};

const more = { recall: 0.005, buffersRatio: 1.13, knob: 'ef_search', value: 93.4, p95Ratio: 1.11 };

const BINDINGS: Examples<Binding> = {
  'none-decides': [{}],
  'recall-decides': [
    { more, tooLarge: 0, nearP95Ms: null },
    { more: { ...more, p95Ratio: null }, tooLarge: 2, nearP95Ms: 2 },
    { more: null, tooLarge: 1, nearP95Ms: null },
  ],
  'one-blocks': [
    { need: { code: 'p95', data: { ms: 3.84 } }, spec, settings },
    { need: { code: 'p95', data: { ms: 3.84 } }, spec: { ...spec, method: 'none' }, settings: {} },
  ],
  'together-block': [{ bounds: ['recall', 'p95'] }],
  'several-block': [{ bounds: ['recall', 'index_size'] }],
};

const GROWTHS: Examples<Growth> = {
  'exact-scan-doubles': [{}],
  'lists-grow': [{ rows: 60_000, bytes: 30 * MB, lists: 245 }],
  'knob-grows': [{ rows: 60_000, bytes: 30 * MB, knob: 'ef_search', value: 98.5, buffersRatio: 1.2 }],
};

const DEFAULTS: Examples<DefaultIndex> = {
  'is-recommended': [{ spec, settings }],
  'misses-target': [{ spec }],
  compared: [
    { spec, settings, comparison: costsMore },
    { spec, settings, comparison: equivalent },
  ],
};

const collapse = { rows: 12_000, recall: 0.6, wanted: 0.96, isReranked: false };

const REPRESENTATIONS: Examples<RepresentationWhy> = {
  ...NOT_BUILT,
  'is-recommended': [{}],
  'no-index-needed': [{}],
  'others-promised-more': [{}],
  'build-failed': [{ reason: refused('memory required is 800 MB') }],
  'loses-too-much': [
    { ...collapse, representation: 'vector' },
    { ...collapse, representation: 'halfvec' },
    { ...collapse, representation: 'bit', isReranked: true },
    { ...collapse, representation: 'subvector', isReranked: true },
  ],
  expected: [
    { rows: 12_000, ratio: 1.1, saved: 0.45, savesMemory: true },
    { rows: 12_000, ratio: 2.1, saved: null, savesMemory: false },
  ],
  'misses-target': [{ settings, unmet: [{ code: 'any_build', data: {} }] }],
  'meets-target': [
    { settings, comparison: equivalent, savesMemory: true },
    { settings, comparison: costsMore, savesMemory: false },
  ],
};

const WAYS_OUT: Examples<WayOut> = {
  'more-queries': [{ spec, settings, recall: 0.953, low: 0.948, queries: 333 }],
  deduplicate: [{ share: 0.6 }],
  'higher-setting': [{ knob: 'ef_search', highest: 40 }],
  'denser-graph': [
    { spec, recall: 0.931, isStalled: true },
    { spec, recall: 0.931, isStalled: false },
    { spec, recall: null, isStalled: true },
  ],
  'iterative-scan': [{ k: 10 }],
  ivfflat: [{}],
  'ivfflat-with-memory': [{ bytes: 300 * MB }],
  partitions: [{}],
  'exact-scan': [{ medianMs: 20 }],
  'less-work': [{}],
  'smaller-representation': [{ names: ['halfvec', 'bit'] }],
  'less-to-index': [{}],
  'quicker-build': [{}],
};

const lines = <F extends Fact>(catalogue: Catalogue<F>, examples: Examples<F>): string =>
  linesOf(examples, (fact) => textOf(catalogue, fact as F));

const CATALOGUES: readonly [string, (texts: RunTexts) => string][] = [
  ['grounds', ({ grounds }) => lines(grounds, GROUNDS)],
  ['why-not', ({ whyNot }) => lines(whyNot, WHY_NOT)],
  ['unmet', (texts) => lines(texts.unmet, UNMET)],
  ['needs', ({ needs }) => lines(needs, NEEDS)],
  ['bindings', ({ bindings }) => lines(bindings, BINDINGS)],
  ['growths', ({ growths }) => lines(growths, GROWTHS)],
  ['default-indexes', ({ defaultIndexes }) => lines(defaultIndexes, DEFAULTS)],
  ['representations', ({ representations }) => lines(representations, REPRESENTATIONS)],
  ['ways-out', ({ waysOut }) => lines(waysOut, WAYS_OUT)],
  [
    'objectives',
    ({ sections }) =>
      Object.values(sections.decision.objectives)
        .map((line) => `${line}\n`)
        .join(''),
  ],
];

describe('the texts of an answer', () => {
  describe.each(LANGUAGES)('in the language %s', (language) => {
    it.each(CATALOGUES)('read so: %s', async (name, render) => {
      const text = render(runTextsIn(language));
      expect(text).not.toMatch(/undefined|NaN|Infinity|null|\[object/);
      await expect(text).toMatchFileSnapshot(`${name}.${language}.txt`);
    });
  });
});
