import type { IndexDefinition } from '../../migrations/index.js';

/** The statement that creates a vector index again, for a text. */
export function indexSql({ name, table, method, keys, where, options }: IndexDefinition): string {
  const quoted = (text: string): string =>
    text
      .split('.')
      .map((part) => `"${part.replaceAll('"', '""')}"`)
      .join('.');
  const keySql = keys.map(({ sql, isExpression, operatorClass }) =>
    [isExpression ? `(${sql})` : quoted(sql), ...(operatorClass === null ? [] : [operatorClass])].join(' '),
  );
  const parameters = Object.entries(options).map(([key, value]) => `${key} = ${value}`);
  return [
    `CREATE INDEX CONCURRENTLY ${quoted(name.slice(name.indexOf('.') + 1))} ON ${quoted(table)} USING ${method} (${keySql.join(', ')})`,
    ...(parameters.length > 0 ? [`WITH (${parameters.join(', ')})`] : []),
    ...(where === null ? [] : [`WHERE ${where}`]),
  ].join(' ');
}
