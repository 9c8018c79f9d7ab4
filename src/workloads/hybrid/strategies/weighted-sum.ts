import { choiceOf, numberOf } from '../../knob.js';
import { textDepth, vectorDepth, vectorWeight } from '../knobs.js';
import { byScore } from '../leg.js';
import { distanceSql, tableSql, textRows, textSql, vectorRows, withTables } from '../leg-sql.js';
import { textKnobs, vectorKnobs } from './knobs-of.js';
import { match, rawSum, rawSumSql } from './raw-sum.js';
import { letsTextIn, noLimit, type HybridStrategy } from './strategy.js';

/**
 * The raw weighted sum by way of both indexes: each leg gives its candidates by its own order, and they are sorted by the
 * sum. No score is missing: what a leg did not return is computed from the row itself.
 */
export const weightedSum: HybridStrategy = {
  name: 'weighted-sum',
  sides: ['vector', 'text'],
  limit: noLimit,
  indexes: () => ({ vector: 'required', text: 'required' }),
  knobs: (question, spec) => [
    vectorDepth,
    textDepth,
    vectorWeight,
    match,
    ...textKnobs(question),
    ...vectorKnobs(spec),
  ],
  shutsTextOut: letsTextIn,
  vectorReach: (_question, settings) => numberOf(vectorDepth, settings),
  sql: (asked) => {
    const { question, settings } = asked;
    const text = textSql(asked);
    const legs = [
      ...text.with,
      `vector_leg AS MATERIALIZED (${vectorRows(asked, numberOf(vectorDepth, settings))})`,
      `text_leg AS MATERIALIZED (${textRows(asked, numberOf(textDepth, settings))})`,
    ];
    const sum = rawSumSql(
      `coalesce(-vector_leg.score, ${distanceSql(asked)})`,
      `coalesce(text_leg.score, ${text.scoreOfAny})`,
      settings,
    );
    const where =
      choiceOf(match, settings) === 'required' ? ` WHERE text_leg.score IS NOT NULL OR ${text.matches}` : '';
    return withTables(
      legs,
      `SELECT id FROM vector_leg FULL JOIN text_leg USING (id) JOIN ${tableSql(asked)} USING (id)${where} ` +
        `ORDER BY ${sum}, id LIMIT ${question.k}`,
    );
  },
  fuse: (legs, settings, k) => {
    const candidates = new Set([
      ...legs.vector.ranking.slice(0, numberOf(vectorDepth, settings)).map(({ id }) => id),
      ...legs.text.ranking.slice(0, numberOf(textDepth, settings)).map(({ id }) => id),
    ]);
    return [...candidates]
      .flatMap((id) => rawSum(legs, id, settings) ?? [])
      .sort(byScore)
      .slice(0, k);
  },
};
