import { PgvtuneError } from '../../../errors.js';
import { bm25 } from './bm25.js';
import { fullText } from './full-text.js';
import type { TextLeg } from './text-leg.js';
import { trigramMatch, trigramOrder } from './trigram.js';

/** Every way to search text that pgvtune knows. */
export const textLegs: readonly TextLeg[] = [fullText, trigramOrder, trigramMatch, bm25];

/** @throws {PgvtuneError} `usage` when no text leg has that name */
export function textLeg(method: string): TextLeg {
  const leg = textLegs.find(({ name }) => name === method);
  if (leg) return leg;
  throw new PgvtuneError('usage', `Expected a way to search text, got "${method}".`, {
    hint: `Use one of ${textLegs.map(({ name }) => name).join(', ')}.`,
  });
}
