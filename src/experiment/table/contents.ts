import { ident, literal, type ValueType } from '../../postgres/index.js';
import { nameInRun } from '../../json-path.js';
import type { Dataset } from '../../datasets/index.js';
import type { TextSpec } from '../../vocabulary.js';
import {
  type Column,
  columnDefinition,
  comparable,
  type JoinedStep,
  type SqlType,
  sqlTypeOf,
  sqlTypeText,
  textLeg,
} from '../../workloads/index.js';

/** What the workloads of a run need beside ids and vectors. */
export interface TableContents {
  /** Columns of attributes beside the vectors. */
  readonly columns: readonly Column[];
  /** Tables that are joined, each made of the rows that point to it. */
  readonly joins: readonly Pick<JoinedStep, 'table' | 'key' | 'columns'>[];
  /** How text is searched; empty when it is not. The text itself is the column `content`. */
  readonly texts: readonly TextSpec[];
}

export const VECTORS_ONLY: TableContents = { columns: [], joins: [], texts: [] };

/** The columns' definitions, quoted, as CREATE TABLE takes them after those of id and vector. */
export function contentDefinitions({ columns, texts }: TableContents): readonly string[] {
  const computed = texts.flatMap((text) => textLeg(text.method).columns(text));
  return [
    ...columns.map((column) => columnDefinition({ ...column, name: nameInRun(column.name) })),
    ...(texts.length > 0 ? ['content text'] : []),
    // Equal legs share what they are computed from.
    ...new Set(computed),
  ];
}

/** The columns that are written, and their values for each row of the dataset. */
export function contentValues(
  { columns, texts }: Pick<TableContents, 'columns' | 'texts'>,
  dataset: Pick<Dataset, 'rows'>,
) {
  const hasText = texts.length > 0;
  return {
    columns: [
      ...columns.map((column) => ({ name: nameInRun(column.name), ...typesOf(column) })),
      ...(hasText ? [{ name: 'content', type: 'text' as const }] : []),
    ],
    rows: (async function* () {
      for await (const { attributes, text } of dataset.rows()) {
        yield [...columns.map((column) => comparable(column, attributes[column.name])), ...(hasText ? [text] : [])];
      }
    })(),
  };
}

/** How a column's values travel, and what they become. */
function typesOf(column: Column): { readonly type: ValueType; readonly sqlType?: string } {
  const type = sqlTypeOf(column);
  return typeof type === 'object' ? { type: 'text', sqlType: sqlTypeText(column) } : { type };
}

/** The enums of some columns, as statements that make them. */
export function createEnums(columns: readonly Column[]): readonly string[] {
  const enums = new Map(
    columns.map(sqlTypeOf).flatMap((type) => (typeof type === 'object' ? [[type.enum, type]] : [])),
  );
  return [...enums.values()].flatMap((type) => createEnum(type));
}

const createEnum = (type: Extract<SqlType, object>): readonly string[] => [
  `DROP TYPE IF EXISTS ${ident(type.enum)} CASCADE`,
  `CREATE TYPE ${ident(type.enum)} AS ENUM (${type.labels.map(literal).join(', ')})`,
];
