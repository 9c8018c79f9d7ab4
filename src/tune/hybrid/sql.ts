import { ident, literal } from '../../identifiers.js';
import { createIndexSql } from '../../indexes/index.js';
import type { HybridAnswer, HybridOption } from '../../results/index.js';
import { hybridGucs, hybridQuery, type HybridQuestion, hybridStrategy, ITEMS, textLeg } from '../../workloads/index.js';

const NAMES = { text: `${ITEMS}_content`, vector: `${ITEMS}_embedding`, lexemes: `${ITEMS}_lexemes` };

/** What to run for an option: the table is called as in the benchmark, its columns `id`, `embedding` and `content`. */
export function hybridSql(
  question: HybridQuestion,
  { strategy: name, spec, settings }: Pick<HybridOption, 'strategy' | 'spec' | 'settings'>,
): NonNullable<HybridAnswer['sql']> {
  const strategy = hybridStrategy(name);
  const leg = textLeg(question.text.method);
  const uses = strategy.indexes(question, settings);
  const table = ident(ITEMS);
  const vectorIndex =
    uses.vector === 'required'
      ? createIndexSql({
          name: ident(NAMES.vector),
          table,
          column: 'embedding',
          dimensions: question.queries.dimensions,
          spec,
          metric: question.metric,
        })
      : null;
  const names = { table, index: ident(NAMES.text), lexemes: ident(NAMES.lexemes) };
  const text = strategy.sides.includes('text')
    ? [
        ...leg.columns(question.text).map((column) => `ALTER TABLE ${table} ADD COLUMN ${column}`),
        concurrently(leg.createIndex(question.text, names)),
        ...leg.prepare(names),
      ]
    : [];
  const place = { quote: ident, table: ITEMS, lexemes: NAMES.lexemes, spec, textIndex: NAMES.text };
  const { text: query } = hybridQuery(strategy, { question, place, settings });
  return {
    build: [
      ...(leg.extension !== null && text.length > 0 ? [`CREATE EXTENSION IF NOT EXISTS ${leg.extension}`] : []),
      ...text,
      ...(vectorIndex === null ? [] : [concurrently(vectorIndex)]),
      `ANALYZE ${table}`,
    ].map((statement) => `${statement};`),
    query: [
      'BEGIN;',
      ...Object.entries(hybridGucs(strategy, question, spec, settings)).map(
        ([setting, value]) => `SELECT set_config(${literal(setting)}, ${literal(value)}, true);`,
      ),
      `${query};`,
      'COMMIT;',
    ],
  };
}

/** Without blocking writes. */
const concurrently = (create: string): string => create.replace(/^CREATE INDEX /, 'CREATE INDEX CONCURRENTLY ');
