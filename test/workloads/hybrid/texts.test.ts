import { querySet } from '../../../src/query-set.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { PgvtuneError } from '../../../src/errors.js';
import type { Session } from '../../../src/postgres/index.js';
import type { SearchSettings } from '../../../src/vocabulary.js';
import {
  type Asked,
  checkTextSpec,
  hybridQuery,
  hybridStrategies,
  hybridStrategy,
  legQuery,
  TEXT_CATALOG_SQL,
  type TextCatalog,
} from '../../../src/workloads/index.js';
import { describeServers } from '../../support/servers.js';
import { ask, type Corpus, EXACT, inTurn, loadCorpus, matrixOf, placeOf, questionOf } from './corpus.js';

/** What the text leg finds, in the order of its rank. */
const found = async (session: Session, corpus: Corpus, language: string, query: string, settings: SearchSettings) => {
  const question = questionOf({ ...corpus, queryTexts: [query] }, { method: 'tsvector', language });
  const { rows } = await ask(session, legQuery('text', null, { question, place: placeOf(EXACT), settings }), 0);
  return rows.map(([id]) => id!);
};

const corpusOf = (texts: readonly (string | null)[]): Corpus => ({
  vectors: matrixOf(texts.map((_, row) => [1, row])),
  texts,
  queries: matrixOf([[1, 0]]),
  queryTexts: [''],
});

const HOSTILE = [
  '',
  '   ',
  'the of and',
  "it's 'quoted",
  `"double & 'single`,
  String.raw`back\slash \' \\`,
  'a & b | !c <-> d:* (',
  ')))((( |&!',
  "'); DROP TABLE items; --",
  '$1 $2 ${x} %s %',
  'http://example.com/?a=1&b=2 AT&T x@y.example',
  '<a href="x & y">tag</a> &amp; &#39;',
  '日本語 и кириллица 😀 ‮right-to-left',
  'line\nbreak\ttab',
  '-not -this',
  '"unclosed phrase',
];

await describeServers('texts of hybrid queries', (server) => {
  let session: Session;

  beforeAll(async () => {
    session = await server().connect('hybrid-texts');
    return () => session.close();
  });

  describe('hostile ones', () => {
    const rows = ['plain words about dogs', "it's a 'quoted' dog", String.raw`back\slash dog`, 'AT&T dog', null];
    const corpus = corpusOf(rows);

    beforeAll(() => loadCorpus(session, corpus, { method: 'tsvector', language: 'english' }));

    it.each(hybridStrategies.map(({ name }) => name))('do no harm to %s', async (name) => {
      const strategy = hybridStrategy(name);
      for (const mode of ['all', 'web', 'any', 'rare']) {
        const question = questionOf({ ...corpus, queryTexts: HOSTILE }, { method: 'tsvector', language: 'english' });
        const settings: SearchSettings = name === 'vector-only' ? {} : { text_match: mode };
        const asked: Asked = {
          question: { ...question, queries: querySet(matrixOf(HOSTILE.map(() => [1, 0]))) },
          place: placeOf(EXACT),
          settings,
        };
        for (const query of HOSTILE.keys()) {
          const { rows: returned } = await ask(session, hybridQuery(strategy, asked), query);
          const ids = returned.map(([id]) => id!);
          expect(new Set(ids).size).toBe(ids.length);
          // A text without any word that counts leaves the vectors to answer.
          if (['rrf', 'normalised-sum', 'weighted-sum', 'vector-then-text'].includes(name)) expect(ids).toHaveLength(5);
        }
      }
      const [count] = await session.query<{ count: string }>(`SELECT count(*) FROM ${placeOf(EXACT).quote('items')}`);
      expect(Number(count?.count)).toBe(rows.length);
    });

    it('find what they mean', async () => {
      const any = (query: string) => found(session, corpus, 'english', query, { text_match: 'any' });
      expect(await any("'); quoted; --")).toEqual([1]);
      expect(await any(String.raw`\back\slash`)).toContain(2);
      expect(await any('the of and')).toEqual([]);
      expect(new Set(await any('dog'))).toEqual(new Set([0, 1, 2, 3]));
    });

    it('never raise an error, whatever they are', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.string({
            unit: fc.oneof(fc.constantFrom("'", '"', '\\', '&', '|', '!', '(', ':', '*', '<', ' ', '$'), fc.string()),
          }),
          fc.constantFrom('all', 'web', 'any', 'rare'),
          async (query, mode) => {
            const clean = query.replaceAll(/\0|\p{Surrogate}/gu, '');
            const ids = await found(session, corpus, 'english', clean, { text_match: mode });
            expect(ids.every((id) => id < rows.length)).toBe(true);
          },
        ),
        { numRuns: 60, seed: 7 },
      );
    });
  });

  it('a passage of ten thousand words is not too long', async () => {
    const corpus = corpusOf(['word7 and more', 'nothing of it']);
    await loadCorpus(session, corpus, { method: 'tsvector', language: 'simple' });
    const passage = Array.from({ length: 10_000 }, (_, word) => `word${word}`).join(' ');
    for (const mode of ['any', 'rare']) {
      expect(await found(session, corpus, 'simple', passage, { text_match: mode })).toEqual([0]);
    }
  });

  describe('in their language', () => {
    const load = async (language: string, texts: readonly string[]): Promise<Corpus> => {
      const corpus = corpusOf(texts);
      await loadCorpus(session, corpus, { method: 'tsvector', language });
      return corpus;
    };

    it.each([
      { language: 'russian', finds: [0, 1] },
      { language: 'simple', finds: [1] },
    ])('$language reads inflected words its way', async ({ language, finds }) => {
      const corpus = await load(language, ['таблицы и запросы', 'одна таблица', 'столбец']);
      expect(
        (await found(session, corpus, language, 'таблица', { text_match: 'all' })).toSorted((a, b) => a - b),
      ).toEqual(finds);
    });

    it.each([
      { language: 'english', finds: [0, 1] },
      { language: 'pg_catalog.english', finds: [0, 1] },
      { language: 'simple', finds: [0] },
    ])('$language reads inflected words its way', async ({ language, finds }) => {
      const corpus = await load(language, ['indexes are built', 'an index is built', 'vacuum']);
      expect(
        (await found(session, corpus, language, 'indexes', { text_match: 'all' })).toSorted((a, b) => a - b),
      ).toEqual(finds);
    });

    it('a configuration of the user may have any name', async () => {
      await session.query('CREATE TEXT SEARCH CONFIGURATION "My ""own""" (COPY = english)');
      const corpus = await load('My "own"', ['indexes are built', 'vacuum']);
      expect(await found(session, corpus, 'My "own"', 'index', {})).toEqual([0]);
      await session.query('DROP TEXT SEARCH CONFIGURATION "My ""own""" CASCADE');
    });
  });

  describe('matches', () => {
    /** `rareN` is in N rows. */
    const texts = Array.from({ length: 300 }, (_, row) =>
      [
        'common',
        ...[1, 2, 5, 20, 100]
          .filter((n) => row % Math.floor(300 / n) === 0 && row < n * Math.floor(300 / n))
          .map((n) => `rare${n}`),
      ].join(' '),
    );
    const corpus = corpusOf(texts);
    const rowsWith = (word: string): number[] =>
      texts.flatMap((words, row) => (words.split(' ').includes(word) ? [row] : []));

    beforeAll(() => loadCorpus(session, corpus, { method: 'tsvector', language: 'simple' }));
    const matching = async (query: string, settings: SearchSettings): Promise<number[]> =>
      (await found(session, corpus, 'simple', query, settings)).sort((a, b) => a - b);

    it('of all words are hardly any, of any word nearly all', async () => {
      const query = 'common rare2 rare5 absent';
      expect(await matching(query, { text_match: 'all' })).toEqual([]);
      expect(await matching(query, { text_match: 'any' })).toHaveLength(300);
      expect(await matching('"common rare20"', { text_match: 'web' })).toEqual(
        rowsWith('rare20').filter((row) => texts[row]!.startsWith('common rare20')),
      );
      expect(await matching('common -rare100', { text_match: 'web' })).toHaveLength(300 - rowsWith('rare100').length);
    });

    it('of rare words are bounded', async () => {
      const query = 'common rare2 rare5 rare20 rare100 absent';
      for (const bound of [7, 30, 130]) {
        const rows = await matching(query, { text_match: 'rare', text_bound: bound });
        const taken = [2, 5, 20, 100].filter((_, i, all) => all.slice(0, i + 1).reduce((a, b) => a + b) <= bound);
        expect(rows).toEqual([...new Set(taken.flatMap((n) => rowsWith(`rare${n}`)))].sort((a, b) => a - b));
        expect(rows.length).toBeLessThanOrEqual(bound);
      }
    });

    it('of the rarest word are there even beyond the bound, and words that no row has are passed over', async () => {
      expect(await matching('common absent', { text_match: 'rare', text_bound: 10 })).toHaveLength(300);
      expect(await matching('absent nowhere', { text_match: 'rare' })).toEqual([]);
    });

    it('are ranked by all words, not by the rare ones alone', async () => {
      const [best] = await found(session, corpus, 'simple', 'rare2 rare5 rare20 rare100 common', {
        text_match: 'rare',
        text_bound: 2,
      });
      expect(rowsWith('rare100')).toContain(best);
      expect(rowsWith('rare2')).toContain(best);
    });

    it('are ranked as the flags say', async () => {
      const score = async (settings: SearchSettings): Promise<number> => {
        const question = questionOf({ ...corpus, queryTexts: ['rare1'] }, { method: 'tsvector', language: 'simple' });
        const { rows } = await ask(session, legQuery('text', 1, { question, place: placeOf(EXACT), settings }), 0);
        return rows[0]![1]!;
      };
      const raw = await score({ text_normalization: 0 });
      const words = texts[0]!.split(' ').length;
      expect(await score({ text_normalization: 2 })).toBeCloseTo(raw / words, 6);
      expect(await score({ text_normalization: 32 })).toBeCloseTo(raw / (1 + raw), 6);
      expect(await score({ text_rank: 'ts_rank_cd', text_normalization: 0 })).not.toBe(raw);
      await expect(score({ text_normalization: 64 })).rejects.toThrow(
        'Expected text_normalization to be a whole number',
      );
      await expect(score({ text_rank: 'bm25' })).rejects.toThrow('Expected text_rank to be one of ts_rank, ts_rank_cd');
    });
  });

  describe('what the server has', () => {
    let catalog: TextCatalog;
    beforeAll(async () => {
      [catalog] = (await session.query<TextCatalog>(TEXT_CATALOG_SQL)) as [TextCatalog];
    });

    const refusal = (method: string, language: string, textColumn: string | null = 'content'): PgvtuneError | null => {
      try {
        checkTextSpec({ method, language }, { textColumn, catalog });
        return null;
      } catch (error) {
        return error as PgvtuneError;
      }
    };

    it('is taken, and what it lacks is refused with what there is', async () => {
      await inTurn(['english', 'russian', 'simple', 'pg_catalog.russian'], async (language) =>
        expect(refusal('tsvector', language)).toBeNull(),
      );
      const error = refusal('tsvector', 'klingon');
      expect(error).toBeInstanceOf(PgvtuneError);
      expect(error).toMatchObject({
        code: 'usage',
        message: 'Expected a text search configuration of the server, got "klingon".',
      });
      for (const name of ['english', 'russian', 'simple']) expect(error?.hint).toContain(name);
    });

    it('includes the extension that a leg needs', () => {
      const bare = { ...catalog, extensions: ['plpgsql', 'vector'] };
      expect(() =>
        checkTextSpec({ method: 'bm25', language: 'english' }, { textColumn: 'content', catalog: bare }),
      ).toThrow('The server has no extension "pg_textsearch", which the text method bm25 needs.');
      const rich = { ...catalog, extensions: ['pg_trgm'] };
      // Trigrams know no language.
      checkTextSpec({ method: 'trigram', language: 'klingon' }, { textColumn: 'content', catalog: rich });
    });

    it('is of no use without text, or to a leg that is not known', () => {
      expect(refusal('tsvector', 'english', null)).toMatchObject({
        code: 'dataset',
        message: 'Expected a dataset with text to search, got one with vectors only.',
      });
      expect(refusal('regexp', 'english')).toMatchObject({ code: 'usage' });
      expect(refusal('regexp', 'english')?.hint).toContain('tsvector');
    });
  });
});
