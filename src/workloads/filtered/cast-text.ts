import type { BuiltInType } from '../../columns.js';
import { PgvtuneError } from '../../errors.js';

/** Bits of the integer types, without the sign. */
export const WHOLE_BITS: Readonly<Partial<Record<string, number>>> = { smallint: 15, integer: 31, bigint: 63 };

const WHOLE = /^\s*[+-]?\d+\s*$/;
const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/**
 * PostgreSQL's cast of a text to a number or a boolean.
 *
 * @param name the path that led to it
 * @throws {PgvtuneError} `usage` for a text that the cast refuses: a query that meets such a row fails. Infinity and NaN too
 */
export function castText(text: string, type: BuiltInType, name: string): number | boolean {
  const value = type === 'boolean' ? booleanOf(text) : numberOf(text, type);
  if (value !== null) return value;
  throw new PgvtuneError('usage', `A row has ${JSON.stringify(text)} at ${name}, which is no ${type}.`, {
    hint: 'A query that casts it would fail: mend the row, or ask for the text, without the cast.',
  });
}

function numberOf(text: string, type: BuiltInType): number | null {
  const bits = WHOLE_BITS[type];
  if (!(bits === undefined ? NUMBER : WHOLE).test(text)) return null;
  const value = Number(text);
  if (bits === undefined) return Number.isFinite(value) ? value : null;
  return value >= -(2 ** bits) && value < 2 ** bits ? value : null;
}

/** A beginning of these words, in any case, as far as it tells them apart (PostgreSQL `src/backend/utils/adt/bool.c`). */
const BOOLEAN = /^\s*(?:(t|tr|tru|true|y|ye|yes|on|1)|f|fa|fal|fals|false|n|no|of|off|0)\s*$/i;

function booleanOf(text: string): boolean | null {
  const found = BOOLEAN.exec(text);
  return found && found[1] !== undefined;
}
