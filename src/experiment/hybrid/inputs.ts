import type { HybridConfig } from '../../config/index.js';
import {
  type Dataset,
  type Judgements,
  judgementsOfQueries,
  type LanguageGuess,
  readQrels,
  readRerankScores,
  type RerankScores,
} from '../../datasets/index.js';
import { PgvtuneError } from '../../errors.js';
import type { Reporter } from '../../progress.js';
import { languageNotes, languageOf } from './language.js';

/** What hybrid workloads need beside vectors, as it was given. */
export interface HybridInputs {
  /** The text of each of the dataset's queries; null for those that have none. */
  readonly texts: readonly (string | null)[];
  /** What the rows are written in. */
  readonly written: LanguageGuess;
  /** For each hybrid workload of the configuration. */
  readonly files: readonly HybridFiles[];
}

interface HybridFiles {
  /** Null when nobody judged. */
  readonly judgements: Judgements | null;
  /** Null when there is no re-ranker. */
  readonly rerankScores: RerankScores | null;
}

/**
 * Reads what is read without neighbours: before a server is started, because a file may be missing or wrong.
 *
 * @returns null without hybrid workloads
 * @throws {PgvtuneError} `dataset`, `usage`: no query has a text; judgements or scores that cannot be read or do not fit
 */
export async function readHybridInputs(
  workloads: readonly HybridConfig[],
  { dataset, reporter }: { readonly dataset: Dataset; readonly reporter: Pick<Reporter, 'note'> },
): Promise<HybridInputs | null> {
  if (workloads.length === 0) return null;
  const texts = await textsOf(dataset);
  if (texts.every((text) => text === null)) {
    throw new PgvtuneError('dataset', `None of the queries of ${dataset.manifest.name} has a text.`, {
      hint: 'Import queries with their text; those that are held out of the rows have the text of their row.',
    });
  }
  const files: HybridFiles[] = [];
  for (const { judgements, rerank_scores } of workloads) {
    files.push({
      judgements: judgements === undefined ? await judgementsOfQueries(dataset) : await readQrels(judgements, dataset),
      rerankScores: rerank_scores === undefined ? null : await readRerankScores(rerank_scores, dataset),
    });
  }
  const written = await languageOf(dataset);
  for (const note of languageNotes(workloads, written)) reporter.note(note);
  return { texts, written, files };
}

/** PostgreSQL's text holds no zero bytes. */
async function textsOf(dataset: Dataset): Promise<readonly (string | null)[]> {
  const texts: (string | null)[] = [];
  for await (const { text } of dataset.queryRows()) {
    const usable = text?.replaceAll('\0', ' ').trim();
    texts.push(usable ? usable : null);
  }
  return texts;
}
