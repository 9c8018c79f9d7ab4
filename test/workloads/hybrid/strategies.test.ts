import { beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/postgres/index.js';
import type { SearchSettings } from '../../../src/vocabulary.js';
import {
  hybridStrategies,
  hybridStrategy,
  type Legs,
  TEXT_CATALOG_SQL,
  type TextCatalog,
  textLeg,
} from '../../../src/workloads/index.js';
import { describeServers, warnOnce } from '../../support/servers.js';
import {
  answer,
  buildVectorIndex,
  EXACT,
  exactLegs,
  inTurn,
  loadCorpus,
  makeCorpus,
  ownLegs,
  placeOf,
  questionOf,
  specOf,
} from './corpus.js';

/*
 * What the strategies say of themselves, asked of real servers: the SQL returns what the fusion in JavaScript makes of
 * the same legs, and the plans use the indexes that are claimed.
 */

const QUERIES = 3;
const corpus = makeCorpus(QUERIES);

interface Variant {
  readonly strategy: string;
  readonly settings: SearchSettings;
}

/** Variants whose SQL differs. */
const VARIANTS: readonly Variant[] = [
  { strategy: 'vector-only', settings: {} },
  { strategy: 'text-only', settings: {} },
  { strategy: 'rrf', settings: {} },
  { strategy: 'rrf', settings: { vector_weight: 0.7, rrf_k: 7, vector_depth: 20, text_depth: 35 } },
  { strategy: 'rrf', settings: { vector_weight: 1, text_depth: 5 } },
  { strategy: 'normalised-sum', settings: {} },
  { strategy: 'normalised-sum', settings: { vector_weight: 0.3, text_depth: 1 } },
  { strategy: 'normalised-sum', settings: { normalisation: 'z-score', vector_weight: 0.6 } },
  { strategy: 'weighted-sum', settings: { vector_weight: 0.7 } },
  { strategy: 'weighted-sum', settings: { match: 'required', vector_weight: 0.2, vector_depth: 30 } },
  { strategy: 'vector-then-text', settings: { vector_depth: 25 } },
  { strategy: 'text-filter', settings: {} },
  { strategy: 'match-then-sort', settings: {} },
  { strategy: 'mixed-order', settings: { vector_weight: 0.7 } },
  { strategy: 'mixed-order', settings: { vector_weight: 0.7, match: 'required' } },
];

/** The vector leg alone has no settings of the text. */
const textOf = (strategy: string, settings: SearchSettings): SearchSettings =>
  strategy === 'vector-only' ? {} : settings;

/** Trigrams of thousands of passages take their time: one of each kind. */
const FEW = VARIANTS.filter(({ strategy }) =>
  ['text-only', 'rrf', 'weighted-sum', 'vector-then-text'].includes(strategy),
);

it('has a variant of every strategy', () => {
  expect(new Set(VARIANTS.map(({ strategy }) => strategy))).toEqual(new Set(hybridStrategies.map(({ name }) => name)));
});

await describeServers('hybrid strategies', (server) => {
  let session: Session;
  let available: readonly string[];

  beforeAll(async () => {
    session = await server().connect('hybrid');
    const [catalog] = await session.query<TextCatalog>(TEXT_CATALOG_SQL);
    available = catalog!.extensions;
    return () => session.close();
  });

  describe.each([
    { method: 'tsvector', textSettings: { text_bound: 400 }, variants: VARIANTS },
    { method: 'tsvector', textSettings: { text_match: 'any', text_rank: 'ts_rank_cd' }, variants: FEW },
    { method: 'trigram', textSettings: {}, variants: FEW },
    { method: 'trigram-match', textSettings: { text_similarity: 'word' }, variants: FEW },
    { method: 'bm25', textSettings: {}, variants: VARIANTS },
  ])('with text by $method $textSettings', ({ method, textSettings, variants }) => {
    const { extension } = textLeg(method);
    const text = { method, language: 'english' };
    const question = questionOf(corpus, text);
    let exact: readonly Legs[] = [];

    beforeAll(async () => {
      if (extension !== null && !available.includes(extension)) {
        warnOnce(`SKIPPED: ${method} on ${server().label}, which has no extension ${extension}.`);
        return;
      }
      if (extension !== null) await session.query(`CREATE EXTENSION IF NOT EXISTS ${extension}`);
      await loadCorpus(session, corpus, text);
      await buildVectorIndex(session, specOf());
      const asked = { question, place: placeOf(EXACT), settings: textSettings };
      exact = await inTurn(corpus.queryTexts, (_, query) => exactLegs(session, asked, query));
    });

    const cases = variants
      .filter(({ strategy }) => hybridStrategy(strategy).limit(question) === null)
      .map(({ strategy, settings }) => ({ strategy, settings: { ...settings, ...textOf(strategy, textSettings) } }));

    it.each(cases)('$strategy $settings is the fusion of exact legs, without a vector index', async (variant) => {
      const strategy = hybridStrategy(variant.strategy);
      const asked = { question, place: placeOf(EXACT), settings: variant.settings };
      for (const [query, legs] of exact.entries()) {
        const { ids } = await answer(session, strategy, asked, query);
        // An ordered index may choose among equal scores where the leg is cut off.
        const own = textLeg(method).isOrdered ? await ownLegs(session, strategy, asked, query, legs) : legs;
        expect(ids, `query ${query}`).toEqual(strategy.fuse(own, asked.settings, 10).map(({ id }) => id));
      }
    });

    // What is left of an index's rows by a filter is not what is left of its first rows: see plans.test.ts.
    const indexed = cases.filter(({ strategy }) => strategy !== 'text-filter');

    it.each(indexed)('$strategy $settings is the fusion of its own legs, through its indexes', async (variant) => {
      const strategy = hybridStrategy(variant.strategy);
      // The planner has a point in reading the table where the alternative is a GIN index of trigrams.
      const forced = method === 'trigram-match';
      const asked = { question, place: placeOf(specOf()), settings: { ...variant.settings, ef_search: 60 } };
      for (const [query, legs] of exact.entries()) {
        const { ids, complaint } = await answer(session, strategy, asked, query, { forced });
        expect(complaint, `plan of query ${query}`).toBeNull();
        const own = await ownLegs(session, strategy, asked, query, legs);
        expect(ids, `query ${query}`).toEqual(strategy.fuse(own, asked.settings, 10).map(({ id }) => id));
      }
    });
  });
});
