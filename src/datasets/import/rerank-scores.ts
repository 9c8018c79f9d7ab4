import type { Dataset } from '../store/dataset.js';
import { fileError } from '../formats/file-error.js';
import { readTextLines } from '../formats/text/text-lines.js';
import { resolveJudgements } from './judgements.js';
import type { Judgement } from './qrels.js';

/** How a re-ranker, such as a cross-encoder, scores rows for queries. */
export interface RerankScores {
  /** For each query of the dataset, in its order: scores by row number, the higher the better. */
  readonly byQuery: readonly ReadonlyMap<number, number>[];
}

const FORM = 'query row score, or the form of a TREC run: query Q0 row rank score tag';

/**
 * Reads scores, one a line: `query row score`, or as a TREC run has them, with the ids of the dataset's own queries and
 * rows. A pair that is scored twice has the score of its last line.
 *
 * @throws {PgvtuneError} `dataset` for a line of another form, and when no line names a query and a row of the dataset
 */
export async function readRerankScores(path: string, dataset: Dataset): Promise<RerankScores> {
  const scores: Judgement[] = [];
  for await (const { text, place } of readTextLines(path, `Write one score a line: ${FORM}.`)) {
    const fields = text.trim().split(/\s+/);
    const [query, row, score] = fields.length === 6 ? [fields[0], fields[2], fields[4]] : fields;
    const value = Number(score);
    const isLine = fields.length === 3 || fields.length === 6;
    if (!isLine || query === undefined || row === undefined || !Number.isFinite(value)) {
      throw fileError(path, place, `expected ${FORM}, got "${text.slice(0, 80)}".`);
    }
    scores.push({ query, row, grade: value });
  }
  return resolveJudgements(path, scores, dataset);
}
