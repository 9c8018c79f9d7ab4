import { PgvtuneError } from './errors.js';

/** NAMEDATALEN - 1 of a stock PostgreSQL: longer names are cut off silently, so that two of them can become one. */
const MAX_IDENTIFIER_BYTES = 63;

/**
 * Quotes one name for use in SQL text.
 *
 * @throws {PgvtuneError} `usage` when the name is empty, longer than 63 bytes in UTF-8, or holds a control character
 */
export function ident(name: string): string {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > MAX_IDENTIFIER_BYTES) {
    throw new PgvtuneError('usage', `Expected a name of 1 to ${MAX_IDENTIFIER_BYTES} bytes, got ${bytes}: "${name}".`, {
      hint: 'Choose a shorter name: PostgreSQL would cut it off silently.',
    });
  }
  if (/\p{Cc}|\p{Cs}/u.test(name)) {
    throw new PgvtuneError('usage', `Expected a name of printable characters, got ${JSON.stringify(name)}.`, {
      hint: 'Remove the control characters from the name.',
    });
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a schema and a name in it: `"schema"."name"`. @throws {PgvtuneError} `usage`, as {@link ident} */
export const qualified = (schema: string, name: string): string => `${ident(schema)}.${ident(name)}`;

/**
 * Quotes text as a string constant, for the few statements that take no parameters (COMMENT, SET).
 *
 * @throws {PgvtuneError} `usage` when the text holds a zero byte, which PostgreSQL cannot store
 */
export function literal(text: string): string {
  if (text.includes('\0')) {
    throw new PgvtuneError('usage', 'Expected text without zero bytes.', { hint: 'Remove the zero byte.' });
  }
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  // The E prefix makes backslashes mean the same whatever standard_conforming_strings says.
  return text.includes('\\') ? `E${quoted}` : quoted;
}
