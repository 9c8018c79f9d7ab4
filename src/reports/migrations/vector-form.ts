import { type IndexDefinition, nameParts } from '../../migrations/index.js';

/** The statement that creates a vector index again, for a text. */
export function indexSql({ name, table, method, keys, where, options }: IndexDefinition): string {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const [schema, own] = nameParts(table);
  const keySql = keys.map(({ sql, isExpression, operatorClass }) =>
    [isExpression ? `(${sql})` : quoted(sql), ...(operatorClass === null ? [] : [operatorClass])].join(' '),
  );
  const parameters = Object.entries(options).map(([key, value]) => `${key} = ${value}`);
  return [
    `CREATE INDEX CONCURRENTLY ${quoted(nameParts(name)[1])} ON ${schema === null ? '' : `${quoted(schema)}.`}${quoted(own)} USING ${method} (${keySql.join(', ')})`,
    ...(parameters.length > 0 ? [`WITH (${parameters.join(', ')})`] : []),
    ...(where === null ? [] : [`WHERE ${where}`]),
  ].join(' ');
}
