import type { Session } from '../../postgres/index.js';
import { bm25Ranking, ITEMS, type Leg, legOf, type Occurrence, type WordIndex } from '../../workloads/index.js';
import type { HybridLegsContext } from './legs.js';
import type { PreparedHybrid } from './prepare.js';
import { wordsOfQueries } from './text-leg.js';

/** Reading the words of every row takes as long as it takes. */
const PATIENT = { deadlineMs: Infinity };

/**
 * The text leg as BM25 would rank it, from the words that PostgreSQL's parser finds: so can be told what an extension
 * that has BM25 would be worth where none is installed.
 */
export async function rankByBm25(
  { session, workspace, reporter, dataset }: HybridLegsContext,
  { question, matches }: PreparedHybrid,
): Promise<readonly Leg[]> {
  const task = reporter.start({ code: 'rank-by-bm25', data: {} }, 1, 'share');
  try {
    const words = await wordsOfQueries(session, question);
    const table = workspace.quote(ITEMS);
    const index = await readWords(session, { table, rows: dataset.manifest.rows, words: [...new Set(words.flat())] });
    return words.map((own, query) => legOf(bm25Ranking(own, index).filter(({ id }) => matches(query, id))));
  } finally {
    task.finish();
  }
}

/** Where these words are, and how long each row is. A tsvector counts the same word up to 255 times. */
async function readWords(
  session: Session,
  { table, rows, words }: { readonly table: string; readonly rows: number; readonly words: readonly string[] },
): Promise<WordIndex> {
  const times = 'coalesce(cardinality(positions), 1)';
  const lengths = new Float64Array(rows);
  for (const { id, length } of await session.query<{ id: number; length: number }>(
    `SELECT id::int AS id, (SELECT coalesce(sum(${times}), 0) FROM unnest(content_search))::int AS length FROM ${table}`,
    [],
    PATIENT,
  )) {
    lengths[id] = length;
  }
  const found = await session.query<{ lexeme: string; ids: number[]; times: number[] }>(
    `SELECT lexeme, array_agg(id::int) AS ids, array_agg(${times}) AS times ` +
      `FROM ${table}, unnest(content_search) WHERE lexeme = ANY ($1::text[]) GROUP BY lexeme`,
    [[...words]],
    PATIENT,
  );
  const occurrences = found.map((word): readonly [string, readonly Occurrence[]] => [
    word.lexeme,
    word.ids.map((row, i) => ({ row, times: word.times[i]! })),
  ]);
  return { lengths, occurrences: new Map(occurrences) };
}
