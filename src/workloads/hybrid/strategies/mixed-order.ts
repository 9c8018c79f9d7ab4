import { choiceOf } from '../../knob.js';
import { vectorWeight } from '../knobs.js';
import { byScore } from '../leg.js';
import { distanceSql, filterSql, tableSql, textSql, whereSql, withTables } from '../leg-sql.js';
import { textKnobs } from './knobs-of.js';
import { match, rawSum, rawSumSql } from './raw-sum.js';
import { letsTextIn, noLimit, type HybridStrategy } from './strategy.js';

/**
 * The raw weighted sum as people write it, ORDER BY one expression of both: no index can give that order, so that every
 * row (or every match) is read and both scores computed. Its answer is exact; it is here to show what that costs.
 */
export const mixedOrder: HybridStrategy = {
  name: 'mixed-order',
  sides: ['vector', 'text'],
  limit: noLimit,
  indexes: (_question, settings) => ({
    vector: 'unusable',
    text: choiceOf(match, settings) === 'required' ? 'allowed' : 'unusable',
  }),
  knobs: (question) => [vectorWeight, match, ...textKnobs(question)],
  shutsTextOut: letsTextIn,
  vectorReach: (_question, settings) => (choiceOf(match, settings) === 'required' ? 0 : null),
  sql: (asked) => {
    const { question, settings } = asked;
    const text = textSql(asked);
    const isRequired = choiceOf(match, settings) === 'required';
    const sum = rawSumSql(distanceSql(asked), isRequired ? text.score : text.scoreOfAny, settings);
    return withTables(
      text.with,
      `SELECT id FROM ${tableSql(asked)}${whereSql(isRequired ? text.matches : null, filterSql(asked))} ORDER BY ${sum}, id LIMIT ${question.k}`,
    );
  },
  fuse: (legs, settings, k) => {
    const rows = choiceOf(match, settings) === 'required' ? legs.text.ranking : legs.vector.ranking;
    return rows
      .flatMap(({ id }) => rawSum(legs, id, settings) ?? [])
      .sort(byScore)
      .slice(0, k);
  },
};
