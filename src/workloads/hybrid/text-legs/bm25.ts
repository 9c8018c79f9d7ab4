import { literal } from '../../../identifiers.js';
import { regconfig, TEXT } from '../question.js';
import type { TextLeg } from './text-leg.js';

/**
 * Okapi BM25 by the extension pg_textsearch: it knows which words are rare, and its index gives rows in the order of
 * their scores, so that the leg reads no more than it returns. The operator `<@>` is the negative score, 0 for a row that
 * does not match.
 */
export const bm25: TextLeg = {
  name: 'bm25',
  extension: 'pg_textsearch',
  usesLanguage: true,
  accessMethod: 'bm25',
  isOrdered: true,
  scoresByIndex: true,
  knobs: [],
  columns: () => [],
  createIndex: ({ language }, { index, table }) =>
    `CREATE INDEX ${index} ON ${table} USING bm25 (content) WITH (text_config = ${regconfig(language)})`,
  prepare: () => [],
  sql: (_text, place) => {
    // The index is named: the statistics of the words are in it.
    const order = `content <@> to_bm25query(${TEXT}, ${literal(place.quote(place.textIndex))})`;
    return {
      with: [],
      matches: `${order} < 0`,
      score: `-(${order})`,
      scoreOfAny: `coalesce(-(${order}), 0)`,
      order,
    };
  },
};
