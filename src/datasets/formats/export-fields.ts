import type { ExportTable } from './export-table.js';
import { fileError } from './file-error.js';

/** The names under which the parts of a row are written. */
export interface ExportFields {
  readonly id: 'id';
  readonly vector: 'embedding';
  /** null when the dataset has no text. */
  readonly text: string | null;
  readonly attributes: readonly string[];
}

/** @throws {PgvtuneError} `dataset` when an attribute has the name of another part of the row */
export function exportFields({ columns, textColumn }: ExportTable, path: string): ExportFields {
  const attributes = columns.map(({ name }) => name);
  const taken = ['id', 'embedding', ...(textColumn === null ? [] : [textColumn])];
  const doubtful = taken.find((name, i) => attributes.includes(name) || taken.indexOf(name) !== i);
  if (doubtful === undefined) return { id: 'id', vector: 'embedding', text: textColumn, attributes };
  throw fileError(
    path,
    {},
    `the dataset has an attribute "${doubtful}", and that is the name of the id, text or vector here.`,
    {
      hint: 'Write a format that keeps vectors only, such as .fbin.',
    },
  );
}
