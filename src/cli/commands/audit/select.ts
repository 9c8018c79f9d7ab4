import { CHECK_NUMBERS, databaseChecks } from '../../../audit/index.js';
import { PgvtuneError } from '../../../errors.js';

type Check = (typeof databaseChecks)[number];

const named = (check: Check, word: string): boolean =>
  [check.id, check.area, CHECK_NUMBERS[check.id as keyof typeof CHECK_NUMBERS].toLowerCase()].includes(
    word.toLowerCase(),
  );

/**
 * The checks to make. Words are ids, numbers or areas: `unused-index`, `IDX-004`, `indexes`.
 *
 * @param only all checks when it is empty
 * @throws {PgvtuneError} `usage` for a word that names no check, and where nothing is left
 */
export function selectChecks(only: readonly string[], skip: readonly string[]): readonly Check[] {
  for (const word of [...only, ...skip]) {
    if (databaseChecks.some((check) => named(check, word))) continue;
    throw new PgvtuneError('usage', `There is no check "${word}".`, {
      hint: 'pgvtune audit --list names all checks with their numbers and areas.',
    });
  }
  const selected = databaseChecks.filter(
    (check) =>
      (only.length === 0 || only.some((word) => named(check, word))) && !skip.some((word) => named(check, word)),
  );
  if (selected.length > 0) return selected;
  throw new PgvtuneError('usage', '--skip leaves no check to make.', { hint: 'Name fewer checks in --skip.' });
}
