import { type HybridPlace, regconfig, TEXT } from '../question.js';
import type { QueryChoice, QueryNumber } from '../../knob.js';

/*
 * What a text becomes in full text search. PostgreSQL's own functions join its words by AND; whoever searches with a
 * sentence or a passage then finds nothing. Joined by OR it finds half the table, all of which has to be ranked, because
 * a GIN index knows no order. `rare` is the way out: only rows with one of the query's rarest words are ranked.
 */

export const textMatch: QueryChoice<'all' | 'web' | 'any' | 'rare'> = {
  kind: 'choice',
  name: 'text_match',
  values: ['all', 'web', 'any', 'rare'],
  default: 'rare',
};

export const textBound: QueryNumber = {
  kind: 'number',
  name: 'text_bound',
  min: 1,
  max: 2_147_483_647,
  default: 500,
  integer: true,
  monotone: false,
};

export interface FullTextQuery {
  readonly with: readonly string[];
  /** The tsquery that a row has to match. */
  readonly match: string;
  /** The tsquery that it is ranked by. */
  readonly rank: string;
}

/** One operand of a tsquery's text form; quotes and backslashes are doubled in it. */
const OPERAND = String.raw`'''' || replace(replace(lexeme, E'\\', E'\\\\'), '''', '''''') || ''''`;

/**
 * The queries of one text, each evaluated once a statement. No text raises an error or escapes its quotes; one without
 * any word that counts matches no row.
 */
export function fullTextQuery(
  mode: (typeof textMatch.values)[number],
  { language, place, bound }: { readonly language: string; readonly place: HybridPlace; readonly bound: number },
): FullTextQuery {
  const config = regconfig(language);
  const parsed = { match: '(SELECT match FROM text_query)', rank: '(SELECT rank FROM text_query)' };
  const lexemes = `unnest(tsvector_to_array(to_tsvector(${config}, ${TEXT}))) AS lexeme`;
  switch (mode) {
    case 'all':
    case 'web': {
      // A constant once the plan is made, so that the planner knows how many rows match it.
      const match = `${mode === 'all' ? 'plainto_tsquery' : 'websearch_to_tsquery'}(${config}, ${TEXT})`;
      return { with: [], match, rank: match };
    }
    case 'any': {
      const query = `SELECT string_agg(${OPERAND}, ' | ')::tsquery AS rank FROM ${lexemes}`;
      return { with: [`text_query AS MATERIALIZED (${query})`], match: parsed.rank, rank: parsed.rank };
    }
    case 'rare': {
      const order = 'OVER (ORDER BY documents, lexeme)';
      const terms =
        `SELECT ${OPERAND} AS operand, documents IS NOT NULL AND ` +
        `(sum(documents) ${order} <= ${bound} OR row_number() ${order} = 1) AS rare ` +
        `FROM ${lexemes} LEFT JOIN ${place.quote(place.lexemes)} USING (lexeme)`;
      const query =
        `SELECT (string_agg(operand, ' | ') FILTER (WHERE rare))::tsquery AS match, ` +
        `string_agg(operand, ' | ')::tsquery AS rank FROM (${terms}) AS terms`;
      return { with: [`text_query AS MATERIALIZED (${query})`], ...parsed };
    }
  }
}
