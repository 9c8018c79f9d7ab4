import { choiceOf, type QueryChoice } from '../../knob.js';
import { TEXT } from '../question.js';
import type { TextLeg } from './text-leg.js';

const textSimilarity: QueryChoice<'whole' | 'word'> = {
  kind: 'choice',
  name: 'text_similarity',
  values: ['whole', 'word'],
  default: 'whole',
};

/** pg_trgm's distance and threshold operators, and its function. */
const OPERATORS = {
  whole: { distance: '<->', similar: '%', similarity: `similarity(content, ${TEXT})` },
  word: { distance: '<->>', similar: '%>', similarity: `word_similarity(${TEXT}, content)` },
} as const;

function trigram(
  options: Pick<TextLeg, 'name' | 'accessMethod' | 'isOrdered'> & { readonly operatorClass: string },
): TextLeg {
  const { name, accessMethod, operatorClass, isOrdered } = options;
  return {
    name,
    extension: 'pg_trgm',
    usesLanguage: false,
    accessMethod,
    isOrdered,
    scoresByIndex: false,
    knobs: [textSimilarity],
    columns: () => [],
    createIndex: (_text, { index, table }) =>
      `CREATE INDEX ${index} ON ${table} USING ${accessMethod} (content ${operatorClass})`,
    prepare: () => [],
    sql: (_text, _place, settings) => {
      const { distance, similar, similarity } = OPERATORS[choiceOf(textSimilarity, settings)];
      const score = `${similarity}::float8`;
      const matches = isOrdered ? `${score} > 0` : `content ${similar} ${TEXT}`;
      return {
        with: [],
        matches,
        score,
        scoreOfAny: `CASE WHEN ${matches} THEN ${score} ELSE 0 END`,
        order: isOrdered ? `content ${distance} ${TEXT}` : null,
      };
    },
  };
}

/**
 * Shared trigrams, in the order of a GiST index; a row matches that shares any. The signature of 256 bytes is for passages: at the default of 12, made
 * for words, nearly all of its bits are set by a sentence.
 */
export const trigramOrder = trigram({
  name: 'trigram',
  accessMethod: 'gist',
  operatorClass: 'gist_trgm_ops (siglen = 256)',
  isOrdered: true,
});

/** Shared trigrams above `pg_trgm.similarity_threshold`, found by a GIN index and ranked afterwards. */
export const trigramMatch = trigram({
  name: 'trigram-match',
  accessMethod: 'gin',
  operatorClass: 'gin_trgm_ops',
  isOrdered: false,
});
