import { en } from './en/index.js';
import { ru } from './ru/index.js';
import type { MigrationTexts } from './texts.js';

/** Languages of the report of a history. */
export const MIGRATION_LANGUAGES = ['en', 'ru'] as const;
export type MigrationLanguage = (typeof MIGRATION_LANGUAGES)[number];

const TEXTS: Readonly<Record<MigrationLanguage, MigrationTexts>> = { en, ru };

export const migrationTexts = (language: MigrationLanguage): MigrationTexts => TEXTS[language];
