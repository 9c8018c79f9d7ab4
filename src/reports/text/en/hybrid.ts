import type { HybridObstacle, HybridRemark } from '../../../results/index.js';
import { formatCount, formatMs, formatPercent } from '../../../units.js';
import { type HybridStrategyName, textLeg, type TextLegName } from '../../../workloads/index.js';
import { type Catalogue, textOf } from '../catalogue.js';
import type { JudgedDecision, ShownHybridDecision } from '../shown-hybrid-decision.js';
import { partOf, plural } from './plural.js';
import { reasons } from './reasons.js';
import { rankings, unmet } from './target.js';

/** What people call the strategies. */
const strategies: Readonly<Record<HybridStrategyName, string>> = {
  'vector-only': 'vector alone',
  'text-only': 'text alone',
  rrf: 'reciprocal rank fusion',
  'normalised-sum': 'weighted sum of normalised scores',
  'weighted-sum': "weighted sum over both legs' candidates",
  'vector-then-text': 'vector leg, re-ranked by text',
  'text-filter': 'text match as a filter on the vector index',
  'match-then-sort': 'all text matches, sorted by distance',
  'mixed-order': 'ORDER BY a mixed expression',
};

/** What people call the ways to search text. */
const textLegTitles: Readonly<Record<TextLegName, string>> = {
  tsvector: 'full text search',
  trigram: 'trigram similarity (GiST)',
  'trigram-match': 'trigram similarity above a threshold (GIN)',
  bm25: 'BM25 (pg_textsearch)',
};

/** What the settings of a statement mean, by name; those of an index are pgvector's. */
const settings = {
  vector_depth: 'candidates from the vector leg',
  text_depth: 'candidates from the text leg',
  vector_weight: 'weight of the vector leg; the text leg has 1 minus it',
  rrf_k: 'constant of reciprocal rank fusion: a higher value gives less extra weight to the first ranks of a leg',
  normalisation:
    "how scores are made comparable: scaled between the leg's best and lowest, or as z-scores within the leg",
  match: 'whether a row whose text does not match may be returned, with a text rank of 0',
  text_match:
    'rows that match: all words (plainto_tsquery), the words as a web search means them (websearch_to_tsquery), any word, or any of the rarest words',
  text_bound:
    'with text_match rare: the words taken match at most this many rows, except that the rarest word is always taken',
  text_rank:
    'ts_rank counts the words found, ts_rank_cd measures how close together they are; neither knows which are rare',
  text_normalization:
    'sum of flags: divide the rank by 1 + log(length) (1), length (2), distance of extents (4), unique words (8), 1 + log(unique words) (16), itself + 1 (32)',
  text_similarity:
    'what the query is compared with: the whole text, or the part of it that is most similar to the query',
  rerank_depth:
    'rows taken from a quantised index and re-ranked by their stored vectors; HNSW returns no more than ef_search',
};

/** Why a strategy is not an answer for hybrid queries. */
const obstacles: Catalogue<HybridObstacle> = {
  'ordered-text-index': ({ method }) =>
    `The index of ${textLegTitles[textLeg(method).name]} returns rows in its own order; it cannot return all that match.`,
  'no-query-matches': () => 'No query matches a row.',
  'not-measured': () => 'It could not be measured.',
  'vector-index-unused': () => 'Every query began with the filter; the vector index was not used.',
  'rows-missed': ({ share, medianMs }) =>
    `It returns ${formatPercent(share, 1)} of the exact fusion's rows in ${formatMs(medianMs)} at best.`,
  'bounds-unmet': ({ unmet: missed }) =>
    `Its recall suffices, but ${missed.map((fact) => textOf(unmet, fact)).join('; ')}.`,
  'rows-not-shown': ({ share, queries, needs }) =>
    `It returns ${formatPercent(share, 1)} of the exact fusion's rows, but ${plural(queries, { one: 'query does', other: 'queries do' })} not show that the recall is reached; about ${formatCount(needs)} would show it.`,
  ...reasons,
};

/** What a reader must know of queries, texts and judgements. */
const remarks: Catalogue<HybridRemark> = {
  'queries-without-text': ({ queries }) =>
    `${plural(queries, { one: 'query has', other: 'queries have' })} no text and ${queries === 1 ? 'is' : 'are'} left out.`,
  'queries-without-filter': ({ queries, of }) =>
    `${formatCount(queries)} of ${plural(of, { one: 'query', other: 'queries' })} cannot be asked with the filter and ${queries === 1 ? 'is' : 'are'} left out: no row has ${queries === 1 ? 'its' : 'their'} value.`,
  'unknown-judgements': ({ judgements, first = [] }) => {
    const named = first.map(({ query, row }) => `row ${row} for query ${query}`).join(', ');
    const which = named === '' ? '' : ` (${named}${judgements > first.length ? ', …' : ''})`;
    return `${plural(judgements, { one: 'judgement names', other: 'judgements name' })} queries or rows that the dataset does not have${which}.`;
  },
  'queries-without-relevant-row': ({ queries, of }) =>
    `${partOf(queries, of, { one: 'has no relevant row and is', other: 'have no relevant row and are' })} left out of the figures of quality.`,
  'recall-of-these-queries': ({ queries, needs }) =>
    `The recall is that of ${queries === 1 ? 'this query' : `these ${formatCount(queries)} queries`}. About ${plural(needs, { one: 'query', other: 'queries' })} would show it for others like them: give more queries with a text. They need no judgements.`,
  'other-language': ({ language, texts, script }) =>
    `The text is searched as ${language}, but it seems to be ${texts ?? `written in ${script} script`}: words are not reduced to their stems, and stop words are not removed. Set the language of the hybrid workload${texts === null ? '' : ` to ${texts}`}.`,
  'words-without-spaces': ({ script }) =>
    `The text is written in ${script} script, without spaces between words: PostgreSQL's parser takes a run of letters as one word, so full text search finds next to nothing. Search it by trigrams, or by an extension that knows the language.`,
};

/** Why the recommendation for hybrid queries. */
const decisions: Catalogue<ShownHybridDecision> = {
  'nothing-reaches': () => 'No strategy is shown to return the rows of its exact fusion.',
  'not-judged': ({ rankedBy, p50, quicker }) =>
    `There are no judgements, so which fusion answers better is unknown. This is the first of the named strategies that returns the rows of its exact legs (p50 ${p50})${
      quicker.length > 0 ? `; with a lower ${rankings[rankedBy]}, but with other answers: ${quicker.join('; ')}` : ''
    }.`,
  'one-leg': (decision) => {
    const { best, highest, judged } = decision;
    return [
      highest === null
        ? `No fusion is shown to be better than one leg alone: nDCG ${best.ndcg}, the highest measured, over ${judgedText(judged)} (p50 ${best.p50}).`
        : `Fusion is not shown to be better than one leg alone: nDCG ${best.ndcg} against ${highest.ndcg} of ${highest.name}, difference ${highest.difference} over ${judgedText(judged)} (p50 ${best.p50} against ${highest.p50}).`,
      ...afterwards(decision),
    ].join(' ');
  },
  fusion: (decision) => {
    const { rankedBy, best, highest, judged, legs } = decision;
    return [
      highest === null
        ? `It has the highest nDCG measured (${best.ndcg} over ${judgedText(judged)}), and every strategy with a lower ${rankings[rankedBy]} is shown to be worse (p50 ${best.p50}).`
        : `It has the lowest ${rankings[rankedBy]} of those not shown to be worse than another: nDCG ${best.ndcg} against ${highest.ndcg} of ${highest.name}, difference ${highest.difference} over ${judgedText(judged)} (p50 ${best.p50} against ${highest.p50}).`,
      ...(legs.length > 0
        ? [
            `A single leg is shown to be worse: ${legs.map(({ name, difference }) => `${name} ${difference}`).join('; ')}.`,
          ]
        : []),
      ...afterwards(decision),
    ].join(' ');
  },
};

const judgedText = (queries: number): string => plural(queries, { one: 'judged query', other: 'judged queries' });

function afterwards({ notShownToKeep, betterUnmeasured }: JudgedDecision): readonly string[] {
  return [
    ...(notShownToKeep
      ? [
          `It is not shown to keep ${notShownToKeep.share} of the highest; about ${formatCount(notShownToKeep.queriesNeeded)} judged queries would show it.`,
        ]
      : []),
    ...betterUnmeasured.map(
      ({ name, ndcg, ofBest, why }) =>
        `Better by its exact answers, but not measured beside the others: ${name} (nDCG ${ndcg} against ${ofBest}). ${why === '' ? 'It takes far longer than they do.' : why.replace(/\.?$/, '.')}`,
    ),
  ];
}

/** A leg that a fusion leaves no room for, and answers that are those of a leg alone. */
const degenerate = {
  textShutOut: (name: string): string =>
    `${name} at these settings cannot add a row because of its text: it only reorders the first rows of the vector leg.`,
  sameRows: (name: string, leg: string, queries: number, of: number): string =>
    `${name} returns the rows of ${leg} for ${formatCount(queries)} of ${plural(of, { one: 'query', other: 'queries' })}; only their order differs.`,
};

/** Whether BM25 is worth an extension. */
const bm25: Readonly<
  Record<
    'better' | 'worse' | 'no difference',
    (figures: { ndcg: string; ofRank: string; difference: string }) => string
  >
> = {
  better: ({ ndcg, ofRank, difference }) =>
    `BM25 would rank the text better: nDCG ${ndcg} against ${ofRank} for the text alone (difference ${difference}). PostgreSQL's own ranks do not know which words are rare; extensions with BM25 are pg_textsearch, VectorChord-bm25 and pg_search.`,
  worse: ({ ndcg, ofRank, difference }) =>
    `BM25 would rank the text worse: nDCG ${ndcg} against ${ofRank} for the text alone (difference ${difference}).`,
  'no difference': ({ ndcg, ofRank, difference }) =>
    `BM25 is not shown to rank the text better or worse: nDCG ${ndcg} against ${ofRank} for the text alone (difference ${difference}).`,
};

/** How much of the table the text finds. */
const textLegs = {
  matches: (
    name: string,
    figures: { median: string; mean: string; max: string; without: number; queries: number },
  ): string =>
    `${name}: a query's text matches ${figures.median} of the rows in the median (mean ${figures.mean}, at most ${figures.max}); ${
      figures.without === 0
        ? 'every query matches a row.'
        : `${formatCount(figures.without)} of ${plural(figures.queries, { one: 'query', other: 'queries' })} (${formatPercent(figures.without / figures.queries)}) match no row and get the rows of the vector leg alone.`
    }`,
  frequent: (queries: number, of: number, words: readonly { word: string; share: string }[]): string =>
    `${partOf(queries, of, { one: 'has', other: 'have' })} a word that at least half of the rows contain (${words.map(({ word, share }) => `"${word}" ${share}`).join(', ')}). Such a word hardly narrows the search, and where any word is enough, half of the table is ranked: text_match rare leaves it out.`,
};

/** What the first rows are worth to a re-ranker. */
const candidates = {
  reranked:
    'nDCG of the rows asked for, once the given scores have sorted the first rows of each exact fusion; in brackets the share of these rows that has a score. Rows without one follow in their own order.',
  intro:
    'A re-ranker can only reorder its candidates. For the first rows of each exact fusion: the share of the relevant rows among them, which is the most that a re-ranker could reach, and their nDCG in the order of the fusion.',
};

/** What is said of hybrid queries. */
export const hybrid = {
  strategies,
  textLegTitles,
  settings,
  obstacles,
  remarks,
  decisions,
  degenerate,
  bm25,
  textLegs,
  candidates,
};
