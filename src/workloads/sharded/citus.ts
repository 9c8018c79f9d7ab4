import { ident, literal } from '../../identifiers.js';

/**
 * Statements that divide a table among the workers of Citus. A search has to state its LIMIT as a constant to be pushed down, and
 * settings reach the workers through the database's own alone.
 *
 * @param options.table unquoted; its primary key is `id`
 * @param options.settings session settings of the search, by their full names
 */
export const distributeByCitus = ({
  table,
  database,
  settings,
}: {
  readonly table: string;
  readonly database: string;
  readonly settings: Readonly<Record<string, string>>;
}): readonly string[] => [
  `SELECT create_distributed_table(${literal(ident(table))}, 'id')`,
  ...Object.entries(settings).map(
    ([name, value]) => `ALTER DATABASE ${ident(database)} SET ${name} = ${literal(value)}`,
  ),
];
