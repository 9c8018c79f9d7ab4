import type { CatalogDifference } from '../../migrations/index.js';
import type { DocumentLanguage } from '../../languages.js';

const WORDS = {
  en: {
    missing: 'only in the history',
    extra: 'only in the database',
    differs: 'differs',
    history: 'history',
    database: 'database',
  },
  ru: {
    missing: 'есть только в истории',
    extra: 'есть только в базе',
    differs: 'различается',
    history: 'история',
    database: 'база',
  },
} as const;

/** A difference between a history and a live database, as lines of plain text. */
export function driftText({ class: of, name, first, second }: CatalogDifference, language: DocumentLanguage): string {
  const words = WORDS[language];
  if (second === null) return `${of} ${name}: ${words.missing}`;
  if (first === null) return `${of} ${name}: ${words.extra}`;
  return `${of} ${name}: ${words.differs}; ${words.history}: ${first}; ${words.database}: ${second}`;
}
