import { shortHash } from '../../canonical-json.js';
import { PgvtuneError } from '../../errors.js';
import { metricOfOperator } from '../../indexes/index.js';
import type { Settings, Statement } from '../../postgres/index.js';
import type { LiveTable } from '../catalog/table.js';
import type { VectorIndex } from '../catalog/vector-indexes.js';
import type { Metric } from '../../vocabulary.js';

/** The two statements whose answers are compared; each takes one query vector as text and returns the rows' places. */
export interface LiveQuestion {
  readonly metric: Metric;
  /** The query as an application would write it, for the index to serve. */
  readonly approximate: Statement;
  /** The same rows ordered by the exact distance, in a form that no index can serve. */
  readonly exact: Statement;
  /** What the exact side needs so that no index on the vectors serves it. */
  readonly exactSettings: Settings;
  /** The text of `approximate` with another LIMIT. */
  readonly withLimit: (limit: number) => string;
  /** The exact distances of the rows on some of the pages, without the condition, to time them. @param percent of the pages */
  readonly sampled: (percent: number) => string;
  /** SQL of a row's own values: as `approximate` and as `exact` want the query vector. */
  readonly operand: string;
  readonly exactOperand: string;
  /** What the exact side compares: the column's own values, or only what the index holds. */
  readonly exactOf: 'column' | 'indexed expression';
  /** The indexes that this query is written for. */
  readonly indexes: readonly VectorIndex[];
}

export interface QuestionOptions {
  /** Name of an index, to choose among several kinds. */
  readonly index?: string | undefined;
  /** Rows that a statement asks for. */
  readonly limit: number;
  /** In parentheses; null for none. */
  readonly where: string | null;
}

/**
 * What to ask of a table so that its index can answer. Null when it has no valid index on the vectors.
 *
 * The exact side compares the column's own values at full precision, so that what a half-precision index loses counts
 * as lost. Where they cannot be compared by the index's operator (an index over bits of a float vector), it compares
 * what the index holds: that shows what the search loses, not what quantisation loses.
 *
 * @throws {PgvtuneError} `usage` when there are indexes for different queries and none was named, or no such index
 */
export function liveQuestion(table: LiveTable, { index, limit, where }: QuestionOptions): LiveQuestion | null {
  const valid = table.indexes.filter((candidate) => candidate.valid);
  const named = index === undefined ? valid : valid.filter(({ name }) => name === index);
  const forms = new Map<string, VectorIndex[]>();
  for (const candidate of named) {
    const form = `${candidate.expression} ${candidate.qualifiedOperator} ${candidate.operandType}`;
    forms.set(form, [...(forms.get(form) ?? []), candidate]);
  }
  if (index !== undefined && named.length === 0) throw unknownIndex(table, index);
  if (forms.size > 1) {
    const list = [...forms.values()].map(([first]) => `${first!.name} (${first!.expression} ${first!.operator})`);
    throw new PgvtuneError('usage', `${table.label} has indexes for different queries: ${list.join(', ')}.`, {
      hint: 'Name the one to look at with --index.',
    });
  }
  const [indexes] = forms.values();
  const [first] = indexes ?? [];
  if (!indexes || !first) return null;

  const { column } = table;
  const { expression, qualifiedOperator, operandType, operator } = first;
  const metric = metricOfOperator(operator);
  if (!metric) {
    throw new PgvtuneError(
      'usage',
      `Index ${first.name} orders by ${operator}, which is not an operator of pgvector.`,
      {
        hint: 'Name an index of pgvector with --index.',
      },
    );
  }
  // Distances of bits are not defined between float vectors.
  const ofColumn = (metric === 'hamming' || metric === 'jaccard') === (column.baseType === 'bit');
  const [exactOperand, exactType] = ofColumn ? [column.quoted, column.type] : [expression, operandType];
  const conditions = where === null ? '' : ` AND ${where}`;
  // `+ 0`: an index is looked for under the bare operator only.
  const distance = `(${exactOperand} ${qualifiedOperator} $1::${exactType}) + 0`;
  const withLimit = (rows: number): string =>
    `SELECT tableoid, ctid FROM ${table.quoted}${where === null ? '' : ` WHERE ${where}`} ` +
    `ORDER BY ${expression} ${qualifiedOperator} $1::${operandType} LIMIT ${rows}`;
  return {
    metric,
    approximate: statementOf(withLimit(limit)),
    withLimit,
    exactSettings: {},
    exact: statementOf(
      `SELECT tableoid, ctid, ${distance} FROM ${table.quoted} ` +
        `WHERE ${column.quoted} IS NOT NULL${conditions} ORDER BY ${distance} LIMIT ${limit}`,
    ),
    sampled: (percent) =>
      `SELECT count(${distance}) FROM ${table.quoted} TABLESAMPLE SYSTEM (${percent}) WHERE ${column.quoted} IS NOT NULL`,
    operand: expression,
    exactOperand,
    exactOf: ofColumn ? 'column' : 'indexed expression',
    indexes: table.indexes.filter(
      ({ valid, ...other }) => valid && other.expression === expression && other.operator === operator,
    ),
  };
}

/** @param settings what it is executed under, where these differ */
export const statementOf = (text: string, settings: Settings = {}): Statement => ({
  name: `pgvtune_${shortHash({ text, settings })}`,
  text,
});

function unknownIndex({ label, indexes }: LiveTable, wanted: string): PgvtuneError {
  const invalid = indexes.some(({ name, valid }) => name === wanted && !valid);
  const names = indexes.filter(({ valid }) => valid).map(({ name }) => name);
  return new PgvtuneError(
    'usage',
    invalid ? `Index ${wanted} of ${label} is not valid.` : `${label} has no index "${wanted}" on its vectors.`,
    { hint: names.length > 0 ? `There are ${names.join(', ')}.` : 'There is none that can be used.' },
  );
}
