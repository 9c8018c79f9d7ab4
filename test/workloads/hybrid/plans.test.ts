import { querySet } from '../../../src/query-set.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { PgvtuneError } from '../../../src/errors.js';
import type { Session } from '../../../src/postgres/index.js';
import type { SearchSettings, Representation } from '../../../src/vocabulary.js';
import { type Asked, hybridStrategy, type Legs, plainQuery, vectorShortfall } from '../../../src/workloads/index.js';
import { describeServers } from '../../support/servers.js';
import {
  answer,
  ask,
  buildVectorIndex,
  exactLegs,
  inTurn,
  loadCorpus,
  makeCorpus,
  ownLegs,
  placeOf,
  questionOf,
  specOf,
  TEXT_INDEX,
  VECTOR_INDEX,
} from './corpus.js';

const QUERIES = 4;
const corpus = makeCorpus(QUERIES);
const text = { method: 'tsvector', language: 'english' };
/** In every other row: what a filter is slow with, and what any plan would use the vector index for. */
const COMMON = corpus.queryTexts.map(() => 'word0 or word1 or word2');

await describeServers('plans of hybrid strategies', (server) => {
  let session: Session;

  beforeAll(async () => {
    session = await server().connect('hybrid');
    await loadCorpus(session, corpus, text);
    await buildVectorIndex(session, specOf());
    return () => session.close();
  });

  const askedOf = (settings: SearchSettings, texts = corpus.queryTexts): Asked => ({
    question: questionOf(corpus, text, texts),
    place: placeOf(specOf()),
    settings,
  });

  const planOf = async (name: string, settings: SearchSettings, texts?: string[]): Promise<string> => {
    const asked = askedOf(settings, texts);
    const { complaint, scans } = await answer(session, hybridStrategy(name), asked, 0);
    expect(complaint).toBeNull();
    return scans;
  };

  it('fusions go through both indexes', async () => {
    for (const name of ['rrf', 'normalised-sum', 'weighted-sum']) {
      const scans = await planOf(name, { ef_search: 60 });
      expect(scans).toContain(`Index Scan using ${VECTOR_INDEX}`);
      expect(scans).toContain(`Bitmap Heap Scan using ${TEXT_INDEX}`);
    }
  });

  it('an ORDER BY of a mixed expression goes through none, although both stand', async () => {
    expect(await planOf('mixed-order', {})).toBe('Seq Scan on items');
  });

  it('under a text match it goes through that one, and never through the vector index', async () => {
    expect(await planOf('mixed-order', { match: 'required' })).toBe(`Bitmap Heap Scan using ${TEXT_INDEX}`);
  });

  it('a filter on the vector index starves, and an iterative scan fills it', async () => {
    const textFilter = hybridStrategy('text-filter');
    const rare = corpus.queryTexts.map(() => 'word30 or word31 or word32');
    const rows = async (settings: SearchSettings): Promise<number> => {
      const asked = askedOf({ text_match: 'web', ef_search: 40, ...settings }, rare);
      // Forced: at this selectivity the planner would rather read the whole of so small a table.
      const { ids, complaint } = await answer(session, textFilter, asked, 0, { forced: true });
      expect(complaint).toBeNull();
      return ids.length;
    };
    expect(await rows({})).toBeLessThan(10);
    expect(await rows({ iterative_scan: 'relaxed_order' })).toBe(10);
  });

  it('a filter of frequent words goes through the vector index, by the natural plan', async () => {
    const settings = { text_match: 'web', ef_search: 100 };
    expect(await planOf('text-filter', settings, COMMON)).toBe(`Index Scan using ${VECTOR_INDEX}`);
  });

  it('all settings are those of the statement or of the index', async () => {
    const asked = askedOf({ rrf_k: 10, probes: 3 });
    await expect(answer(session, hybridStrategy('rrf'), asked, 0)).rejects.toThrow(
      'Expected a search setting of HNSW, got "probes".',
    );
  });

  it('knows when the vector index cannot give so many candidates', async () => {
    const question = questionOf(corpus, text);
    const shortfall = (name: string, settings: SearchSettings, representation?: Representation) =>
      vectorShortfall(hybridStrategy(name), question, specOf(representation), settings);
    expect(shortfall('rrf', { ef_search: 40, vector_depth: 50 })).toEqual({ asked: 50, most: 40 });
    expect(shortfall('rrf', { ef_search: 50, vector_depth: 50 })).toBeNull();
    expect(shortfall('rrf', { ef_search: 50, vector_depth: 50 }, 'bit')).toMatchObject({ asked: 200 });
    expect(shortfall('rrf', { iterative_scan: 'relaxed_order', vector_depth: 500 })).toBeNull();
    expect(shortfall('text-only', { vector_depth: 500 })).toBeNull();
    // It says no more than is so.
    const { vector } = await ownLegs(
      session,
      hybridStrategy('rrf'),
      askedOf({ ef_search: 40, vector_depth: 50 }),
      0,
      await exactLegs(session, askedOf({}), 0),
    );
    expect(vector.ranking).toHaveLength(40);
  });

  describe.each(['halfvec', 'bit'] as const)('a vector leg on %s', (representation) => {
    const rrf = hybridStrategy('rrf');
    let exact: readonly Legs[] = [];

    beforeAll(async () => {
      await buildVectorIndex(session, specOf(representation));
      exact = await inTurn(COMMON, (_, query) =>
        exactLegs(session, { ...askedOf({}), place: placeOf(specOf(representation)) }, query),
      );
    });

    const hits = async (settings: SearchSettings): Promise<number> => {
      let found = 0;
      for (const [query, legs] of exact.entries()) {
        const asked = {
          ...askedOf({ ef_search: 400, vector_depth: 10, ...settings }),
          place: placeOf(specOf(representation)),
        };
        const { ids, complaint } = await answer(session, rrf, asked, query, { forced: true });
        expect(complaint).toBeNull();
        const best = rrf.fuse(legs, asked.settings, 10);
        found += best.filter(({ id }) => ids.includes(id)).length;
      }
      return found / (10 * QUERIES);
    };

    it('re-ranks its candidates by the stored vectors: the more, the nearer to the exact fusion', async () => {
      const few = await hits({ rerank_depth: 10 });
      const many = await hits({ rerank_depth: 400 });
      expect(many).toBeGreaterThanOrEqual(few);
      expect(many).toBeGreaterThan(0.9);
      if (representation === 'bit') expect(many).toBeGreaterThan(few);
    });

    it('serves plain queries, too', async () => {
      const asked = askedOf({});
      const recall = async (settings: SearchSettings): Promise<number> => {
        let found = 0;
        for (const [query, { vector }] of exact.entries()) {
          const rows = await session.rolledBack(async () => {
            await session.query(`SELECT set_config('hnsw.ef_search', '400', true)`);
            await session.query('SET LOCAL enable_seqscan = off');
            const plain = plainQuery({
              table: asked.place.quote('items'),
              spec: specOf(representation),
              metric: 'cosine',
              k: 10,
              queries: querySet(corpus.queries),
              settings,
            });
            const { rows, plan } = await ask(session, plain, query);
            expect(JSON.stringify(plan)).toContain(JSON.stringify(VECTOR_INDEX).slice(1, -1));
            return rows;
          });
          const nearest = vector.ranking.slice(0, 10).map(({ id }) => id);
          found += rows.filter(([id]) => nearest.includes(id!)).length;
        }
        return found / (10 * QUERIES);
      };
      expect(await recall({ rerank_depth: 400 })).toBeGreaterThan(0.95);
      // Without a word about it, half precision is not re-ranked and bits are, though from fewer candidates.
      expect(await recall({})).toBeGreaterThan(representation === 'bit' ? 0.1 : 0.9);
    });

    it('takes no depth that cannot be meant', async () => {
      const refused = () =>
        plainQuery({
          table: 'items',
          spec: specOf(representation),
          metric: 'cosine',
          k: 10,
          queries: querySet(corpus.queries),
          settings: { rerank_depth: 0.5 },
        });
      expect(refused).toThrow(PgvtuneError);
      expect(refused).toThrow('Expected rerank_depth to be a whole number from 1 to 100000, got "0.5".');
    });
  });
});
