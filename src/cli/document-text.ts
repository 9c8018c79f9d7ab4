import type { z } from 'zod';
import type { DOCUMENTS } from './documents.js';

/** Of all documents together. */
export const DOCUMENT_VERSION = 1;

export type DocumentName = keyof typeof DOCUMENTS;

/**
 * What a command prints with `--json`: one document that names itself and its version.
 *
 * @param members as its schema has them, and more
 * @param replacer as of `JSON.stringify`
 */
export const documentText = <Name extends DocumentName>(
  document: Name,
  members: z.input<(typeof DOCUMENTS)[Name]>,
  replacer?: (key: string, value: unknown) => unknown,
): string => `${JSON.stringify({ document, schemaVersion: DOCUMENT_VERSION, ...members }, replacer, 2)}\n`;
