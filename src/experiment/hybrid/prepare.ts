import type { Grades } from '../../analysis/index.js';
import type { HybridConfig } from '../../config/index.js';
import { type Dataset, type Judgements, judgementsOfQueries, readQrels } from '../../datasets/index.js';
import { PgvtuneError } from '../../errors.js';
import { exactTruth, type Truth } from '../../exact/index.js';
import type { HybridRemark } from '../../results/index.js';
import type { Reporter } from '../../progress.js';
import type { QuerySet } from '../../query-set.js';
import type { Metric, TextSpec } from '../../vocabulary.js';
import { checkHybridSettings, hybridStrategy, type HybridQuestion, textLeg } from '../../workloads/index.js';
import { languageNotes, languageOf, languageRemarks } from './language.js';

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
  /** Relevant rows of each of these queries, as people judged them; null when nobody did. */
  readonly judgements: readonly Grades[] | null;
  /** What a reader must know of the data. */
  readonly remarks: readonly HybridRemark[];
}

export interface HybridContext {
  readonly dataset: Dataset;
  readonly metric: Metric;
  readonly k: number;
  /** The queries that the run asks, in its random order. */
  readonly queries: QuerySet;
  readonly signal: AbortSignal;
  readonly reporter: Pick<Reporter, 'note'>;
}

/**
 * Refuses what no server could make good, before anything is read.
 *
 * @throws {PgvtuneError} `usage`: an unknown strategy or way to search text, a column that is not the text; `dataset`:
 *   no text, or queries without one
 */
export function checkHybrid(workloads: readonly HybridConfig[], { manifest }: Pick<Dataset, 'manifest'>): void {
  for (const { legs, fusion, text, settings } of workloads) {
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
 * @throws {PgvtuneError} `dataset`: queries without text, or judgements that do not fit
 */
export async function prepareHybrids(
  workloads: readonly HybridConfig[],
  context: HybridContext,
): Promise<readonly PreparedHybrid[]> {
  if (workloads.length === 0) return [];
  const { dataset, metric, k, signal } = context;
  const all = await textsOf(dataset);
  const { order } = context.queries;
  const queries = context.queries.select([...order.keys()].filter((position) => all[order[position]!] !== null));
  if (queries.size === 0) {
    throw new PgvtuneError('dataset', `None of the queries of ${dataset.manifest.name} has a text.`, {
      hint: 'Import queries with their text; those that are held out of the rows have the text of their row.',
    });
  }
  const near = await exactTruth(dataset, {
    metric,
    k: Math.min(NEAR, dataset.manifest.rows),
    queries: queries.order,
    signal,
  });
  const texts = queries.order.map((query) => all[query]!);
  const guess = await languageOf(dataset);
  for (const note of languageNotes(workloads, guess)) context.reporter.note(note);
  const runs: PreparedHybrid[] = [];
  for (const [workload, { legs, language, judgements: file }] of workloads.entries()) {
    const judged = file === undefined ? await judgementsOfQueries(dataset) : await readQrels(file, dataset);
    const judgements = judged && queries.order.map((query) => judged.byQuery[query]!);
    const ofQueries = [...withoutText(order.length - queries.size), ...remarksOn(judged, judgements)];
    for (const method of legs) {
      const text: TextSpec = { method, language };
      const remarks = [...languageRemarks(text, guess), ...ofQueries];
      runs.push({ workload, question: { k, metric, queries, texts, text }, near, judgements, remarks });
    }
  }
  return runs;
}

/** The text of each of the dataset's queries; null for those that have none. PostgreSQL's text holds no zero bytes. */
async function textsOf(dataset: Dataset): Promise<readonly (string | null)[]> {
  const texts: (string | null)[] = [];
  for await (const { text } of dataset.queryRows()) {
    const usable = text?.replaceAll('\0', ' ').trim();
    texts.push(usable ? usable : null);
  }
  return texts;
}

const withoutText = (queries: number): readonly HybridRemark[] =>
  queries === 0 ? [] : [{ code: 'queries-without-text', data: { queries } }];

function remarksOn(judged: Judgements | null, judgements: readonly Grades[] | null): readonly HybridRemark[] {
  if (!judged || !judgements) return [];
  const queries = judgements.filter((grades) => ![...grades.values()].some((grade) => grade > 0)).length;
  return [
    ...(judged.unknown > 0 ? [{ code: 'unknown-judgements' as const, data: { judgements: judged.unknown } }] : []),
    ...(queries > 0
      ? [{ code: 'queries-without-relevant-row' as const, data: { queries, of: judgements.length } }]
      : []),
  ];
}
