import { fileError } from '../formats/file-error.js';
import { readTextLines } from '../formats/text/text-lines.js';

/** What somebody said of a row as an answer to a query. */
export interface Judgement {
  readonly query: string;
  readonly row: string;
  /** 0 says "looked at, not relevant". */
  readonly grade: number;
}

/**
 * Reads judgements, one a line: `query 0 row grade` (TREC, whose second field means nothing), `query row grade` (BEIR, with
 * a header) or `query row` (MS MARCO, all of them relevant), between tabs or blanks.
 *
 * @throws {PgvtuneError} `dataset` for a line of another form, or of another than the first
 */
export async function readQrelsFile(path: string): Promise<Judgement[]> {
  const judgements: Judgement[] = [];
  let columns = 0;
  for await (const { text, place } of readTextLines(path, 'Write one judgement a line: query 0 row grade.')) {
    const fields = text.trim().split(text.includes('\t') ? '\t' : /\s+/);
    if (columns === 0 && /^(?:query|q)[-_ ]?id$/i.test(fields[0]!)) {
      columns = fields.length;
      continue;
    }
    if (columns === 0) columns = fields.length;
    const judgement = fields.length === columns ? judgementOf(fields) : null;
    if (judgement !== null) judgements.push(judgement);
    else throw fileError(path, place, `expected "query 0 row grade", got "${text.slice(0, 80)}".`);
  }
  return judgements;
}

function judgementOf(fields: readonly string[]): Judgement | null {
  const query = fields[0]!;
  const row = fields.length === 4 ? fields[2]! : fields[1]!;
  if (fields.length === 2) return { query, row, grade: 1 };
  const grade = fields.at(-1)!;
  return fields.length <= 4 && fields.length >= 2 && /^[+-]?\d+$/.test(grade)
    ? { query, row, grade: Number(grade) }
    : null;
}
