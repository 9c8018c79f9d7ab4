import type { IndexSpec, Metric } from '../vocabulary.js';
import { optionsOf, parametersOf } from './kind.js';
import { indexedExpression, operatorClassFor } from './operators.js';
import { indexKind } from './registry.js';

/**
 * The statement that builds an index, or null for the exact scan. Every build parameter is written out, defaults too,
 * so that the statement means the same under a later version of the extension.
 *
 * `name`, `table` (with its schema, if any) and `column` are used as they are: they must be quoted already.
 *
 * @throws {PgvtuneError} `usage` when the access method is unknown
 */
export function createIndexSql(options: {
  readonly name: string;
  readonly table: string;
  readonly column: string;
  readonly dimensions: number;
  readonly spec: IndexSpec;
  readonly metric: Metric;
  readonly concurrently?: boolean;
}): string | null {
  const { name, table, column, dimensions, spec, metric, concurrently = false } = options;
  const kind = indexKind(spec.method);
  if (kind.accessMethod === null) return null;
  const expression = indexedExpression({ spec, column, dimensions });
  const stored = Object.entries(kind.storage.write(optionsOf(kind, parametersOf(kind, spec))));
  const parameters = stored.map(([key, value]) => `${key} = ${storedText(value)}`);
  return [
    `CREATE INDEX${concurrently ? ' CONCURRENTLY' : ''} ${name} ON ${table}`,
    `USING ${kind.accessMethod} (${expression} ${operatorClassFor(spec.representation, metric)})`,
    ...(parameters.length > 0 ? [`WITH (${parameters.join(', ')})`] : []),
  ].join(' ');
}

/** Words and numbers as they are, a document between dollars. */
const storedText = (value: string): string => (/^[\w.+-]+$/.test(value) ? value : `$$\n${value}\n$$`);
