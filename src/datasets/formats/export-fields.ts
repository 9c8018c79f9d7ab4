import type { ExportTable } from './export-table.js';
import { fileError } from './file-error.js';

/** The names under which the parts of a row are written. */
export interface ExportFields {
  readonly id: 'id';
  readonly vector: string;
  /** null when the dataset has no text. */
  readonly text: string | null;
  readonly attributes: readonly string[];
}

/**
 * @param vector the name of the vector's field
 * @throws {PgvtuneError} `dataset` when an attribute has the name of another part of the row
 */
export function exportFields(
  { columns, textColumn }: ExportTable,
  path: string,
  vector: string = 'embedding',
): ExportFields {
  const attributes = columns.map(({ name }) => name);
  const taken = ['id', vector, ...(textColumn === null ? [] : [textColumn])];
  const doubtful = taken.find((name, i) => attributes.includes(name) || taken.indexOf(name) !== i);
  if (doubtful === undefined) return { id: 'id', vector, text: textColumn, attributes };
  throw fileError(
    path,
    {},
    `the dataset has an attribute "${doubtful}", and that is the name of the id, text or vector here.`,
    {
      hint: 'Write a format that keeps vectors only, such as .fbin.',
    },
  );
}
