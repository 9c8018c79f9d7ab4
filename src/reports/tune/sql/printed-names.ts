import { ident } from '../../../identifiers.js';

/** What the reader's table and column are called in a statement until their own names are put in (`reader-names.ts`). */
export const TABLE = 'your_table';
export const COLUMN = 'embedding';

/** A name as people write it where that is safe: a reader replaces `your_table`, and reads its indexes' names. */
export const printedName = (name: string): string => (/^your_table\w*$/.test(name) ? name : ident(name));
