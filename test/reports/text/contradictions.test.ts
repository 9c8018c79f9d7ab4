import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { type Texts, textsIn } from '../../../src/reports/text/index.js';
import {
  bindingSchema,
  defaultIndexSchema,
  growthSchema,
  needSchema,
  representationWhySchema,
  wayOutSchema,
} from '../../../src/results/records/advice.js';
import { confidencePriceSchema } from '../../../src/results/records/confidence-price.js';
import { filterObstacleSchema, filterShortfallSchema } from '../../../src/results/records/filter-obstacle.js';
import { findingSchema } from '../../../src/results/records/finding.js';
import { groundSchema } from '../../../src/results/records/grounds.js';
import { hybridObstacleSchema, hybridRemarkSchema } from '../../../src/results/records/hybrid-facts.js';
import { omissionSchema } from '../../../src/results/records/omission.js';
import { reasonSchema } from '../../../src/results/records/reason.js';
import { recallFindingSchema } from '../../../src/results/records/recall-finding.js';
import { searchObstacleSchema } from '../../../src/results/records/search-obstacle.js';
import { strandedSchema } from '../../../src/results/records/stranded.js';
import { unmetSchema } from '../../../src/results/records/unmet.js';
import { whyNotSchema } from '../../../src/results/records/why-not.js';
import { valuesOf } from '../../support/arbitrary.js';
import { contradictionsOf } from '../../support/contradictions.js';

/*
 * No message contradicts its own figures, whatever a record holds.
 */

/** Not generated: plain names, findings whose data a check's own type describes, and progress. */
type Others =
  | 'baselines'
  | 'bounds'
  | 'figures'
  | 'filteredStrategies'
  | 'hybrid'
  | 'knownDefects'
  | 'measurementChecks'
  | 'measurementUnread'
  | 'names'
  | 'notes'
  | 'places'
  | 'sections'
  | 'stages'
  | 'verdicts';

/** The facts of every other catalogue: the compiler asks for those of a new one. */
const FACTS: Readonly<Record<Exclude<keyof Texts, Others>, z.ZodType>> = {
  bindings: bindingSchema,
  confidencePrices: confidencePriceSchema,
  defaultIndexes: defaultIndexSchema,
  filterObstacles: filterObstacleSchema,
  filterShortfalls: filterShortfallSchema,
  findings: findingSchema,
  grounds: groundSchema,
  growths: growthSchema,
  needs: needSchema,
  omissions: omissionSchema,
  reasons: reasonSchema,
  recallFindings: recallFindingSchema,
  representations: representationWhySchema,
  searchObstacles: searchObstacleSchema,
  strandedQueries: strandedSchema,
  unmet: unmetSchema,
  waysOut: wayOutSchema,
  whyNot: whyNotSchema,
};

const texts = textsIn('en');
type AnyCatalogue = Readonly<Record<string, (data: never) => string>>;

const CATALOGUES: readonly (readonly [string, z.ZodType, AnyCatalogue])[] = [
  ...Object.entries(FACTS).map(([name, schema]) => [name, schema, texts[name as keyof typeof FACTS]] as const),
  ['hybrid obstacles', hybridObstacleSchema, texts.hybrid.obstacles],
  ['hybrid remarks', hybridRemarkSchema, texts.hybrid.remarks],
];

describe('a sentence', () => {
  it.each(CATALOGUES)('agrees with its figures: %s', (_, schema, catalogue) => {
    fc.assert(
      fc.property(valuesOf(schema), (value) => {
        const { code, data } = value as { readonly code: string; readonly data: never };
        const sentence = catalogue[code]!(data);
        expect(contradictionsOf(sentence), sentence).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['46.3 % of the rows came back. The index returns at most 40 rows (hnsw.ef_search), but 20 were requested.', 1],
    ['0.9 [0.91, 0.95]', 1],
    ['its index size is 9.5e-7 % higher', 1],
    ['1 rows were lost', 2],
    ['12 row-by-row reads, -0.00 ms', 1],
    ['Its p95 is -3 % higher, 120.0 % of the queries failed', 2],
    ['Recall is 0.9500 at most (lower bound 0.9500; wanted 0.95)', 1],
    ['the index takes 2 MB, more than the allowed 2 MB', 1],
    ['its recall is 0.950 at most, where the target corresponds to 0.950', 1],
    ['reading all of them is cheaper for the planner (cost 102 against 102 with the index)', 1],
    ['BM25 would rank the text better: nDCG 0.314 [0.300, 0.330] against 0.361 for the text alone', 1],
    ['Better by its exact answers, but not measured beside the others: rrf (nDCG 0.500 against 0.500).', 1],
    ['its p95 latency is 16 % [14 %, 18 %] higher; 1 of 12 queries has no row left, in 0.81 ms [0.76, 0.84]', 0],
  ])('is found out: %s', (sentence, times) => {
    expect(contradictionsOf(sentence)).toHaveLength(times);
  });
});
