import { numberOf } from '../../knob.js';
import { vectorDepth } from '../knobs.js';
import { byScore } from '../leg.js';
import { tableSql, textSql, vectorRows, withTables } from '../leg-sql.js';
import { textKnobs, vectorKnobs } from './knobs-of.js';
import { noLimit, type HybridStrategy } from './strategy.js';

/** The vector leg's candidates in the order of their text rank; those that do not match follow by distance. */
export const vectorThenText: HybridStrategy = {
  name: 'vector-then-text',
  sides: ['vector', 'text'],
  limit: noLimit,
  indexes: () => ({ vector: 'required', text: 'unusable' }),
  knobs: (question, spec) => [vectorDepth, ...textKnobs(question), ...vectorKnobs(spec)],
  shutsTextOut: ({ k }, settings) => numberOf(vectorDepth, settings) <= k,
  vectorReach: (_question, settings) => numberOf(vectorDepth, settings),
  sql: (asked) => {
    const text = textSql(asked);
    return withTables(
      [...text.with, `vector_leg AS MATERIALIZED (${vectorRows(asked, numberOf(vectorDepth, asked.settings))})`],
      `SELECT id FROM vector_leg JOIN ${tableSql(asked)} USING (id) ` +
        `ORDER BY ${text.scoreOfAny} DESC, vector_leg.score DESC, id LIMIT ${asked.question.k}`,
    );
  },
  fuse: (legs, settings, k) => {
    const rows = legs.vector.ranking
      .slice(0, numberOf(vectorDepth, settings))
      .map(({ id, score: similarity }) => ({ id, score: legs.text.scoreOf(id) ?? 0, similarity }))
      .sort((a, b) => b.score - a.score || b.similarity - a.similarity || byScore(a, b))
      .slice(0, k);
    // Two figures make the order: scores are negative ranks, equal where both figures are.
    let rank = 0;
    return rows.map(({ id, score, similarity }, i) => {
      const before = rows[i - 1];
      if (before?.score !== score || before.similarity !== similarity) rank = i + 1;
      return { id, score: -rank };
    });
  },
};
