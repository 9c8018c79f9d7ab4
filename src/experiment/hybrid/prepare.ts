import type { Grades } from '../../analysis/index.js';
import type { HybridConfig } from '../../config/index.js';
import type { Dataset, Judgements } from '../../datasets/index.js';
import { PgvtuneError } from '../../errors.js';
import { exactTruth, hasRow, type Truth } from '../../exact/index.js';
import type { Filter } from '../../filter.js';
import { shortHash } from '../../canonical-json.js';
import { createRandom } from '../../random.js';
import type { HybridRemark } from '../../results/index.js';
import type { QuerySet } from '../../query-set.js';
import type { Metric, TextSpec } from '../../vocabulary.js';
import {
  checkFilter,
  checkHybridSettings,
  columnsOf,
  drawFilter,
  type DrawnFilter,
  type HybridFilter,
  hybridStrategy,
  type HybridQuestion,
  textLeg,
} from '../../workloads/index.js';
import { filterGround } from '../filtered/prepare.js';
import type { HybridInputs } from './inputs.js';
import { languageRemarks } from './language.js';

/** Nearest rows of each query that are kept: further down the vector leg of a fusion hardly ever looks. */
const NEAR = 400;

/** A hybrid workload made concrete for the queries of a run, with one way to search the text. */
export interface PreparedHybrid {
  /** Number of the hybrid workload in the configuration. */
  readonly workload: number;
  /** Over the queries that have a text, in the run's order. */
  readonly question: HybridQuestion;
  /** Exact nearest rows of each, the first {@link NEAR}. */
  readonly near: Truth;
  /** Whether a row counts, by the filter of a query (a position in the question). */
  readonly matches: (query: number, row: number) => boolean;
  /** Relevant rows of each of these queries, as people judged them; null when nobody did. */
  readonly judgements: readonly Grades[] | null;
  /** A re-ranker's scores for each of these queries, by row number; null when there are none. */
  readonly rerankScores: readonly ReadonlyMap<number, number>[] | null;
  /** What a reader must know of the data. */
  readonly remarks: readonly HybridRemark[];
}

export interface HybridContext {
  readonly dataset: Dataset;
  readonly metric: Metric;
  readonly k: number;
  /** The queries that the run asks, in its random order. */
  readonly queries: QuerySet;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/**
 * Refuses what no server could make good, before anything is read.
 *
 * @throws {PgvtuneError} `usage`: an unknown strategy or way to search text, a column that is not the text; `dataset`:
 *   no text, or queries without one
 */
export function checkHybrid(workloads: readonly HybridConfig[], { manifest }: Pick<Dataset, 'manifest'>): void {
  for (const { legs, fusion, text, filter, settings } of workloads) {
    if (filter) checkFilter(filter, manifest.columns);
    for (const method of legs) textLeg(method);
    if (fusion !== 'all') for (const name of fusion) hybridStrategy(name);
    checkHybridSettings(settings, legs);
    if (manifest.textColumn === null) {
      throw new PgvtuneError('dataset', `${manifest.name} has no text to search beside its vectors.`, {
        hint: 'Import it with its text, or leave the hybrid workload out.',
      });
    }
    if (text !== undefined && text !== manifest.textColumn) {
      throw new PgvtuneError(
        'usage',
        `Expected the text column of ${manifest.name}, "${manifest.textColumn}", got "${text}".`,
        {
          hint: 'A dataset has one text column: leave the key out, or import the data with another one.',
        },
      );
    }
  }
  const languages = new Set(workloads.map(({ language }) => language));
  if (languages.size > 1) {
    throw new PgvtuneError(
      'usage',
      `Expected one language for all hybrid workloads, got ${[...languages].join(', ')}.`,
      {
        hint: 'Make a run for each.',
      },
    );
  }
}

/**
 * Makes every hybrid workload concrete.
 *
 * @throws {PgvtuneError} `dataset`, `usage`: none of the queries that are asked has a text, or a row that counts
 */
export async function prepareHybrids(
  workloads: readonly HybridConfig[],
  inputs: HybridInputs | null,
  context: HybridContext,
): Promise<readonly PreparedHybrid[]> {
  if (!inputs) return [];
  const { dataset, metric, k, signal } = context;
  const { texts: all, written } = inputs;
  const { order } = context.queries;
  const queries = context.queries.select([...order.keys()].filter((position) => all[order[position]!] !== null));
  if (queries.size === 0) {
    throw new PgvtuneError('dataset', `None of the ${order.length} queries that are asked has a text.`, {
      hint: 'Ask more of them (measure.queries), or import queries with their text.',
    });
  }
  const runs: PreparedHybrid[] = [];
  for (const [workload, { legs, language, filter }] of workloads.entries()) {
    const { judgements: judged, rerankScores: scores } = inputs.files[workload]!;
    const rows = await rowsThatCount({ ...context, queries }, filter);
    const { size, order: asked } = rows.queries;
    const near = await exactTruth(dataset, {
      metric,
      k: Math.min(NEAR, dataset.manifest.rows),
      queries: asked,
      ...(rows.drawn ? { filter: rows.drawn } : {}),
      signal,
    });
    const texts = asked.map((query) => all[query]!);
    const judgements = judged && asked.map((query) => judged.byQuery[query]!);
    const rerankScores = scores && asked.map((query) => scores.byQuery[query]!);
    const ofQueries = [
      ...withoutText(order.length - queries.size),
      ...withoutFilter(queries.size - size, queries.size),
      ...remarksOn(judged, judgements),
    ];
    for (const method of legs) {
      const text: TextSpec = { method, language };
      const remarks = [...languageRemarks(text, written), ...ofQueries];
      const question = { k, metric, queries: rows.queries, texts, text, filter: rows.filter };
      runs.push({ workload, question, near, matches: rows.matches, judgements, rerankScores, remarks });
    }
  }
  return runs;
}

interface RowsThatCount {
  /** Those that can be asked: a row counts for them. */
  readonly queries: QuerySet;
  readonly filter: HybridFilter | null;
  readonly drawn: DrawnFilter | null;
  readonly matches: PreparedHybrid['matches'];
}

/** @throws {PgvtuneError} `usage`: the filter leaves no row to any query */
async function rowsThatCount(context: HybridContext, filter: Filter | undefined): Promise<RowsThatCount> {
  const { queries } = context;
  if (!filter) return { queries, filter: null, drawn: null, matches: () => true };
  const { data, near } = await filterGround(context, columnsOf(filter));
  const random = createRandom(context.seed).fork(`hybrid filter ${shortHash(filter)}`);
  const drawn = await drawFilter(filter, data, { queries: queries.order, near, join: null, random });
  if (drawn.asked.length === 0) {
    throw new PgvtuneError('usage', 'No query can be asked with the filter of the hybrid workload.', {
      hint: 'Its queries have no value of their own in that column, or no row has the same: pgvtune dataset show tells.',
    });
  }
  return {
    queries: queries.select(drawn.asked),
    filter: { filter, matching: drawn, columns: data.columns },
    drawn,
    matches: (query, row) => hasRow(drawn.bitmaps[drawn.ofQuery[query]!]!, row),
  };
}

const withoutText = (queries: number): readonly HybridRemark[] =>
  queries === 0 ? [] : [{ code: 'queries-without-text', data: { queries } }];

const withoutFilter = (queries: number, of: number): readonly HybridRemark[] =>
  queries === 0 ? [] : [{ code: 'queries-without-filter', data: { queries, of } }];
const unknownJudgements = ({ unknown, firstUnknown }: Judgements): HybridRemark => ({
  code: 'unknown-judgements',
  data: { judgements: unknown, first: firstUnknown.map(({ query, row }) => ({ query, row })) },
});

function remarksOn(judged: Judgements | null, judgements: readonly Grades[] | null): readonly HybridRemark[] {
  if (!judged || !judgements) return [];
  const queries = judgements.filter((grades) => ![...grades.values()].some((grade) => grade > 0)).length;
  return [
    ...(judged.unknown > 0 ? [unknownJudgements(judged)] : []),
    ...(queries > 0
      ? [{ code: 'queries-without-relevant-row' as const, data: { queries, of: judgements.length } }]
      : []),
  ];
}
