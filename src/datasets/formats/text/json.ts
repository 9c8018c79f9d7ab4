import { isTooDeep, MOST_LEVELS } from '../../../nesting.js';

/** Text between quotes is skipped as a whole: digits and words in it are none of ours. */
const STRING = '"(?:[^"\\\\]|\\\\.)*"';
const LARGE_INTEGERS = new RegExp(`${STRING}|(?<![\\d.eE+-])-?\\d{16,}(?![\\d.eE])`, 'g');
const NO_NUMBERS = new RegExp(`${STRING}|-?\\b(?:NaN|Infinity)\\b`, 'g');

/** A cheap look before the text is taken apart. */
const MAY_HOLD_LARGE_INTEGERS = /(?:^|[:[,])\s*-?\d{16,}\s*(?:$|[,}\]])/;

/**
 * Parses JSON without a silent loss: integers beyond 2⁵³ become text, digit for digit, where `JSON.parse` would give two
 * of them one value. NaN and Infinity, which Python writes, become null.
 *
 * @throws {SyntaxError} also for what is nested deeper than a hundred levels
 */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw new SyntaxError(`nested deeper than ${MOST_LEVELS} levels`);
  const exact = MAY_HOLD_LARGE_INTEGERS.test(text) ? text.replaceAll(LARGE_INTEGERS, quoteLarge) : text;
  try {
    return JSON.parse(exact);
  } catch (error) {
    if (!/\b(?:NaN|Infinity)\b/.test(exact)) throw error;
    return JSON.parse(exact.replaceAll(NO_NUMBERS, (token) => (token.startsWith('"') ? token : 'null')));
  }
}

const quoteLarge = (token: string): string =>
  token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${token}"`;

/**
 * How a number that is a member of this name was written: `1501.02590` has lost its last digit when it has been parsed.
 *
 * @param value what it was parsed to
 */
export function numberAsWritten(text: string, name: string, value: number): string {
  const key = JSON.stringify(name).replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const tokens = Array.from(text.matchAll(new RegExp(`${key}\\s*:\\s*(-?[\\d.]+(?:[eE][+-]?\\d+)?)`, 'g')));
  return tokens.map(([, token = '']) => token).find((token) => Number(token) === value) ?? String(value);
}
