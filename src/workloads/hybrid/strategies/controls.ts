import { textRows, textSql, vectorRows, withTables } from '../leg-sql.js';
import { textKnobs, vectorKnobs } from './knobs-of.js';
import { letsTextIn, noLimit, type HybridStrategy } from './strategy.js';

/*
 * One leg alone: what every fusion has to beat.
 */

export const vectorOnly: HybridStrategy = {
  name: 'vector-only',
  sides: ['vector'],
  limit: noLimit,
  indexes: () => ({ vector: 'required', text: 'unusable' }),
  knobs: (_question, spec) => vectorKnobs(spec),
  shutsTextOut: letsTextIn,
  vectorReach: ({ k }) => k,
  sql: (asked) => vectorRows(asked, asked.question.k),
  fuse: ({ vector }, _settings, k) => vector.ranking.slice(0, k),
};

export const textOnly: HybridStrategy = {
  name: 'text-only',
  sides: ['text'],
  limit: noLimit,
  indexes: () => ({ vector: 'unusable', text: 'required' }),
  knobs: textKnobs,
  shutsTextOut: letsTextIn,
  vectorReach: () => 0,
  sql: (asked) => withTables(textSql(asked).with, textRows(asked, asked.question.k)),
  fuse: ({ text }, _settings, k) => text.ranking.slice(0, k),
};
