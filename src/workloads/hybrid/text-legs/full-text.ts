import { literal } from '../../../identifiers.js';
import { choiceOf, numberOf, type QueryChoice, type QueryNumber } from '../../knob.js';
import { regconfig } from '../question.js';
import { fullTextQuery, textBound, textMatch } from './full-text-query.js';
import type { TextLeg } from './text-leg.js';

const textRank: QueryChoice<'ts_rank' | 'ts_rank_cd'> = {
  kind: 'choice',
  name: 'text_rank',
  values: ['ts_rank', 'ts_rank_cd'],
  default: 'ts_rank',
};

const textNormalization: QueryNumber = {
  kind: 'number',
  name: 'text_normalization',
  min: 0,
  max: 63,
  default: 1,
  integer: true,
  monotone: false,
};

/**
 * PostgreSQL's full text search on a stored tsvector with a GIN index. The index finds matches and knows nothing of
 * their order: each match is read and ranked, which is what the leg costs.
 */
export const fullText: TextLeg = {
  name: 'tsvector',
  extension: null,
  usesLanguage: true,
  accessMethod: 'gin',
  isOrdered: false,
  scoresByIndex: false,
  knobs: [textMatch, textBound, textRank, textNormalization],
  columns: ({ language }) => [
    `content_search tsvector GENERATED ALWAYS AS (to_tsvector(${regconfig(language)}, content)) STORED`,
  ],
  createIndex: (_text, { index, table }) => `CREATE INDEX ${index} ON ${table} USING gin (content_search)`,
  prepare: ({ table, lexemes }) => [
    `DROP TABLE IF EXISTS ${lexemes}`,
    `CREATE TABLE ${lexemes} AS SELECT word AS lexeme, ndoc AS documents FROM ts_stat(${literal(`SELECT content_search FROM ${table}`)})`,
    `ALTER TABLE ${lexemes} ADD PRIMARY KEY (lexeme)`,
    `ANALYZE ${lexemes}`,
  ],
  sql: ({ language }, place, settings) => {
    const mode = choiceOf(textMatch, settings);
    const query = fullTextQuery(mode, { language, place, bound: numberOf(textBound, settings) });
    const matches = `content_search @@ ${query.match}`;
    const rank = choiceOf(textRank, settings);
    const score = `${rank}(content_search, ${query.rank}, ${numberOf(textNormalization, settings)})::float8`;
    return {
      with: query.with,
      matches,
      score,
      // What ts_rank says of a row that does not match is not 0.
      scoreOfAny: `CASE WHEN ${matches} THEN ${score} ELSE 0 END`,
      order: null,
    };
  },
};
