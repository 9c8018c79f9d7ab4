import { z } from 'zod';
import { type Config, filteredWorkloads, hybridWorkloads } from '../../config/index.js';
import { columnOf, kindOf } from '../../columns.js';
import type { Dataset, RowData } from '../../datasets/index.js';
import { PgvtuneError } from '../../errors.js';
import { tableNamesSchema } from '../../results/index.js';
import { type Column, columnsOf } from '../../workloads/index.js';
import { filtersByName } from './cases.js';

/** As much of what a dataset was made from as tells whether its ids are a primary key, and what that is called. */
const sourceSchema = z.object({ kind: z.enum(['table', 'view', 'query']), names: tableNamesSchema.optional() });

/**
 * What filters call the ids of the rows: the primary key's name where they were read from a table, else `id`. Null where the
 * source had no key of one column, and the ids number its rows.
 */
export function keyName({ manifest }: Pick<Dataset, 'manifest'>): string | null {
  const { data: source } = sourceSchema.safeParse(manifest.source);
  if (!source) return 'id';
  return source.names?.isPrimaryKey ? unquoted(source.names.key) : null;
}

const unquoted = (name: string): string => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);

/**
 * The dataset with its ids as one column more, where some filter asks for them: they are read once, to know their type.
 *
 * @throws {PgvtuneError} `usage`: whole numbers among them that double precision cannot hold; `id` where the key has another name
 */
export async function withRowIds(dataset: Dataset, config: Config): Promise<Dataset> {
  const name = keyName(dataset);
  const { columns } = dataset.manifest;
  if (name !== 'id' && asksFor(config, 'id') && !columns.some((column) => column.name === 'id')) throw noId(name);
  return name === null || !asksFor(config, name) ? dataset : withKey(dataset, name);
}

/** The dataset with its ids as the column of that name, whose values they are. */
export async function withKey(dataset: Dataset, name: string): Promise<Dataset> {
  const known = dataset.manifest.columns.find((column) => column.name === name);
  const ids = await lookAtIds(dataset, name);
  if (known) return ids.areAttribute ? withColumn(dataset, { ...known, key: true }) : dataset;
  const { column } = ids;
  const toValue = (id: RowData['id']): RowData['id'] => (column.type === 'text' ? String(id) : id);
  async function* valued(rows: AsyncIterable<RowData>): AsyncGenerator<RowData> {
    for await (const row of rows) yield { ...row, attributes: { ...row.attributes, [name]: toValue(row.id) } };
  }
  return {
    ...withColumn(dataset, column),
    rows: () => valued(dataset.rows()),
    queryRows: () => valued(dataset.queryRows()),
  };
}

const noId = (key: string | null): PgvtuneError =>
  new PgvtuneError('usage', 'The rows of the dataset have no column "id".', {
    hint:
      key === null
        ? 'What they were read from has no primary key of one column; sample the column as an attribute.'
        : `Their primary key is ${key}: filter by that name.`,
  });

const withColumn = (dataset: Dataset, column: Column): Dataset => ({
  ...dataset,
  manifest: {
    ...dataset.manifest,
    columns: [...dataset.manifest.columns.filter(({ name }) => name !== column.name), column],
  },
});

const asksFor = ({ workloads }: Config, name: string): boolean =>
  filteredWorkloads(workloads).some(
    ({ filters, column }) =>
      column?.includes(name) ||
      Object.values(filtersByName(filters)).some((filter) => columnsOf(filter).includes(name)),
  ) || hybridWorkloads(workloads).some(({ filter }) => filter !== undefined && columnsOf(filter).includes(name));

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What kind of column the ids make, and whether an attribute of that name is the same. */
async function lookAtIds(
  dataset: Dataset,
  name: string,
): Promise<{ readonly column: Column; readonly areAttribute: boolean }> {
  let [areNumbers, areUuids, areAttribute] = [true, true, true];
  let tooLarge: string | null = null;
  for await (const { id, attributes } of dataset.rows()) {
    areNumbers &&= Number.isSafeInteger(id);
    areUuids &&= typeof id === 'string' && UUID.test(id);
    areAttribute &&= String(attributes[name]) === String(id);
    if (typeof id === 'string' && /^-?\d+$/.test(id) && !Number.isSafeInteger(Number(id))) tooLarge ??= id;
  }
  if (tooLarge !== null && !areAttribute) {
    throw new PgvtuneError('usage', `Filters on ${name} cannot be measured: the id ${tooLarge} is beyond 2^53.`, {
      hint: 'Such numbers are not compared exactly. Filter by another column.',
    });
  }
  const sqlType = areNumbers ? 'bigint' : areUuids ? 'uuid' : 'text';
  return { column: { ...columnOf(name, kindOf(sqlType), sqlType), key: true }, areAttribute };
}
