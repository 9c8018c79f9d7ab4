import { parseBytes } from '../units.js';

/** A size as SHOW prints it; null where the server has no such setting. Zero and −1 are printed without a unit. */
export function bytesOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  return /^-?\d+$/.test(text) ? Number(text) : parseBytes(text);
}
