import { byScore, type Legs, type Scored } from '../leg.js';
import { exactOrder, filterSql, tableSql, textSql, vectorRows, whereSql, withTables } from '../leg-sql.js';
import { textLeg } from '../text-legs/registry.js';
import { textKnobs, vectorKnobs } from './knobs-of.js';
import { letsTextIn, noLimit, type HybridStrategy } from './strategy.js';

/*
 * Only rows whose text matches, the nearest first: the text decides which rows, the vectors in which order.
 */

/** The distances of all matches; both forms have the same exact answer. */
const nearestMatches = ({ vector, text }: Legs, k: number): readonly Scored[] =>
  text.ranking
    .flatMap(({ id }) => {
      const score = vector.scoreOf(id);
      return score === undefined ? [] : [{ id, score }];
    })
    .sort(byScore)
    .slice(0, k);

/**
 * The vector index gives rows, the text throws out those that do not match: what filtered search is, with the same
 * remedy, an iterative scan (`iterative_scan`, `max_scan_tuples` …). The rows that are left are sorted once more, since
 * `relaxed_order` gives them only roughly in order.
 */
export const textFilter: HybridStrategy = {
  name: 'text-filter',
  sides: ['vector', 'text'],
  limit: noLimit,
  indexes: ({ text }) => ({
    vector: 'required',
    // An index that the scores come from must exist; no filter can use one of that kind.
    text: textLeg(text.method).scoresByIndex ? 'unusable' : 'hidden',
  }),
  knobs: (question, spec) => [...textKnobs(question), ...vectorKnobs(spec)],
  shutsTextOut: letsTextIn,
  vectorReach: () => 0,
  sql: (asked) => {
    const { with: tables, matches } = textSql(asked);
    const nearest = `nearest AS MATERIALIZED (${vectorRows(asked, asked.question.k, matches)})`;
    return withTables([...tables, nearest], 'SELECT id FROM nearest ORDER BY score DESC, id');
  },
  fuse: (legs, _settings, k) => nearestMatches(legs, k),
};

/** The text index gives all matches, and their distances are computed and sorted: exact, and cheap while they are few. */
export const matchThenSort: HybridStrategy = {
  name: 'match-then-sort',
  sides: ['vector', 'text'],
  limit: ({ text }) => {
    const { isOrdered } = textLeg(text.method);
    return isOrdered ? { code: 'ordered-text-index', data: { method: text.method } } : null;
  },
  indexes: () => ({ vector: 'hidden', text: 'required' }),
  knobs: textKnobs,
  shutsTextOut: letsTextIn,
  vectorReach: () => 0,
  sql: (asked) => {
    const { with: tables, matches } = textSql(asked);
    return withTables(
      tables,
      `SELECT id FROM ${tableSql(asked)}${whereSql(matches, filterSql(asked))} ORDER BY ${exactOrder(asked)}, id LIMIT ${asked.question.k}`,
    );
  },
  fuse: (legs, _settings, k) => nearestMatches(legs, k),
};
