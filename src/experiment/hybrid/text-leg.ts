import type { Session } from '../../postgres/index.js';
import type { TextLegFigures } from '../../results/index.js';
import { type HybridQuestion, regconfig, textLeg } from '../../workloads/index.js';
import { LEXEMES } from '../build/construction.js';
import type { HybridLegsContext, ExactLegs } from './legs.js';
import type { PreparedHybrid } from './prepare.js';

/** A word of more rows than this share tells next to nothing, and costs much: every row that matches is ranked. */
const FREQUENT = 0.5;
/** Words that are named. */
const MOST_WORDS = 10;

/** How much of the table the text of a query finds, and what the words are that find too much. */
export async function describeTextLeg(
  { session, workspace, dataset }: Pick<HybridLegsContext, 'session' | 'workspace' | 'dataset'>,
  { question }: Pick<PreparedHybrid, 'question'>,
  legs: ExactLegs,
): Promise<TextLegFigures> {
  const matches = question.texts.map((_, query) => legs.of(query, 0).text.ranking.length).toSorted((a, b) => a - b);
  const { usesLanguage, scoresByIndex } = textLeg(question.text.method);
  const frequent =
    usesLanguage && !scoresByIndex
      ? await session.query<{ word: string; rows: number }>(
          `SELECT lexeme AS word, documents::int AS rows FROM ${workspace.quote(LEXEMES)} WHERE documents >= $1 ORDER BY documents DESC, lexeme`,
          [String(Math.ceil(FREQUENT * dataset.manifest.rows))],
        )
      : [];
  const words = frequent.length > 0 ? await wordsOfQueries(session, question) : [];
  const asked = new Set(words.flat());
  const isFrequent = new Set(frequent.map(({ word }) => word));
  return {
    withoutMatch: matches.filter((count) => count === 0).length,
    matches: {
      mean: matches.reduce((sum, count) => sum + count, 0) / matches.length,
      median: matches[Math.floor(matches.length / 2)]!,
      max: matches.at(-1)!,
    },
    withFrequentWord: words.filter((own) => own.some((word) => isFrequent.has(word))).length,
    frequentWords: frequent
      .filter(({ word }) => asked.has(word))
      .slice(0, MOST_WORDS)
      .map(({ word, rows }) => ({ word, rows })),
  };
}

/** The words of each query that count, as PostgreSQL's parser and dictionaries have them. */
export async function wordsOfQueries(
  session: Session,
  { texts, text: { language } }: Pick<HybridQuestion, 'texts' | 'text'>,
): Promise<readonly (readonly string[])[]> {
  const rows = await session.query<{ words: string[] }>(
    `SELECT tsvector_to_array(to_tsvector(${regconfig(language)}, query)) AS words ` +
      'FROM unnest($1::text[]) WITH ORDINALITY AS queries (query, n) ORDER BY n',
    [[...texts]],
    { deadlineMs: Infinity },
  );
  return rows.map(({ words }) => words);
}
