import { canonicalJson, shortHash } from '../../canonical-json.js';
import type { Dataset } from '../../datasets/index.js';
import { distance, roundingOf, tieLimit } from '../../exact/index.js';
import { applySettings, type Session, type Workspace } from '../../postgres/index.js';
import type { FusionsRequest } from '../../results/index.js';
import type { QuerySet } from '../../query-set.js';
import type { Reporter } from '../../progress.js';
import type { IndexSpec, SearchSettings } from '../../vocabulary.js';
import {
  hybridGucs,
  type HybridPlace,
  hybridStrategy,
  ITEMS,
  type Leg,
  legOf,
  legQuery,
  type Legs,
  type Scored,
  textLeg,
} from '../../workloads/index.js';
import { encodeArgument } from '../points/arm.js';
import { LEXEMES } from '../build/construction.js';
import { rankByBm25 } from './bm25.js';
import type { PreparedHybrid } from './prepare.js';

export interface HybridLegsContext {
  readonly session: Session;
  readonly workspace: Workspace;
  readonly dataset: Dataset;
  readonly reporter: Reporter;
}

/** Both legs' exact answers to the queries of a run, at the settings of the text that they were asked with. */
export interface ExactLegs {
  /**
   * @param vectorReach rows of the vector leg's ranking that are looked at; null: all. Rows that tie with the last of them
   *   follow, among the nearest that are kept
   */
  of(query: number, vectorReach: number | null): Legs;
  /** How far the server's distance from a query to a row may be from that of the vector leg. */
  errorOf(query: number, row: number): number;
}

const EXACT: IndexSpec = { method: 'none', representation: 'vector', parameters: {} };

/** Where the statements of a hybrid workload run. @param textIndex unquoted name; null: there is none */
export const hybridPlace = (
  workspace: Workspace,
  spec: IndexSpec,
  textIndex: string | null,
  { isProtected = false }: { readonly isProtected?: boolean } = {},
): HybridPlace => ({
  quote: (name) => workspace.quote(name),
  table: ITEMS,
  lexemes: LEXEMES,
  spec,
  textIndex: textIndex ?? '',
  isProtected,
});

/** How the text leg is asked. */
export interface TextAsked {
  readonly settings: SearchSettings;
  /** Unquoted name; null: there is none. */
  readonly textIndex: string | null;
  /** What ranks the matches instead of the text search's own rank; absent: nothing else. */
  readonly score?: FusionsRequest['textScore'];
}

export type HybridLegs = (prepared: PreparedHybrid, asked: TextAsked) => Promise<ExactLegs>;

/**
 * Finds the exact legs of hybrid workloads, once for each way to search the text. Distances are computed here, as
 * everywhere; what a text search returns only the server can say, and every match and its rank is asked of it.
 */
export function createHybridLegs(context: HybridLegsContext): HybridLegs {
  const vectorLegs = new Map<QuerySet, (query: number, reach: number | null) => Leg>();
  const textLegs = new Map<string, readonly Leg[]>();
  return async (run, { settings, textIndex, score }) => {
    const names = new Set(textLeg(run.question.text.method).knobs.map(({ name }) => name));
    const own = Object.fromEntries(Object.entries(settings).filter(([name]) => names.has(name)));
    const key = canonicalJson([
      run.question.text,
      run.question.filter?.filter ?? null,
      run.workload,
      score === undefined ? own : score,
    ]);
    const texts =
      textLegs.get(key) ??
      (score === 'bm25' ? await rankByBm25(context, run) : await askTexts(context, run, { settings: own, textIndex }));
    textLegs.set(key, texts);
    const vectors = vectorLegs.get(run.question.queries) ?? rankVectors(context.dataset, run);
    vectorLegs.set(run.question.queries, vectors);
    return {
      of: (query, reach) => ({ vector: vectors(query, reach), text: texts[query]! }),
      errorOf: (query, row) => errorOf(context.dataset, run, query, row),
    };
  };
}

/** All matches of every query's text with their scores. */
async function askTexts(
  { session, workspace, reporter }: HybridLegsContext,
  { question }: PreparedHybrid,
  { settings, textIndex }: { readonly settings: SearchSettings; readonly textIndex: string | null },
): Promise<readonly Leg[]> {
  const place = hybridPlace(workspace, EXACT, textIndex);
  const query = legQuery('text', null, { question, place, settings });
  const name = `pgvtune_${shortHash(query.text)}`;
  const legs: Leg[] = [];
  const task = reporter.start(
    { code: 'match-texts', data: { texts: question.texts.length, text: question.text } },
    question.texts.length,
    'queries',
  );
  try {
    await session.rolledBack(async () => {
      await applySettings(session, hybridGucs(hybridStrategy('text-only'), question, EXACT, settings));
      for (const q of question.texts.keys()) {
        const rows = await session.execute({ name, text: query.text }, query.arguments(q).map(encodeArgument), {
          deadlineMs: Infinity,
        });
        legs.push(legOf(rows.map(([id, score]): Scored => ({ id: Number(id), score: Number(score) }))));
        task.update(q + 1);
      }
    });
  } finally {
    task.finish();
  }
  return legs;
}

const errorOf = (dataset: Dataset, { question }: PreparedHybrid, query: number, row: number): number =>
  roundingOf(question.metric, question.queries.vector(query), dataset.vector(row));

/** The vector legs of a run's queries, by the distances of the stored vectors. */
function rankVectors(dataset: Dataset, run: PreparedHybrid): (query: number, reach: number | null) => Leg {
  const { near, question } = run;
  const { rows } = dataset.manifest;
  const matchingRows = (query: number): readonly number[] =>
    Array.from({ length: rows }, (_, row) => row).filter((row) => run.matches(query, row));
  const known = question.texts.map(() => new Map<number, number>());
  const score = (query: number, row: number): number =>
    -distance(question.metric, question.queries.vector(query), dataset.vector(row));
  const scoreOf = (query: number, row: number): number => {
    const scores = known[query]!;
    const before = scores.get(row);
    if (before !== undefined) return before;
    const now = score(query, row);
    scores.set(row, now);
    return now;
  };
  return (query, reach) => {
    const first = Math.min(reach ?? rows, rows);
    // All rows of all queries would not fit into memory: these are computed anew each time.
    if (first > near.k) return legOf(matchingRows(query).map((id) => ({ id, score: score(query, id) })));
    const kept = near.rows.subarray(query * near.k, query * near.k + near.expected[query]!);
    const last = kept.subarray(0, first).at(-1);
    const error = (row: number): number => errorOf(dataset, run, query, row);
    const limit = last === undefined ? -Infinity : tieLimit(-scoreOf(query, last), question.metric, error(last));
    const ties = kept.subarray(first).findIndex((row) => -scoreOf(query, row) - error(row) > limit);
    const ranking = Array.from(kept.subarray(0, ties < 0 ? kept.length : first + ties), (id): Scored => ({
      id,
      score: scoreOf(query, id),
    }));
    return legOf(ranking, (row) => scoreOf(query, row));
  };
}
