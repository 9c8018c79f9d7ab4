import { en } from './en/index.js';
import { ru } from './ru/index.js';
import type { DocumentLanguage } from '../../languages.js';
import type { MigrationTexts } from './texts.js';

const TEXTS: Readonly<Record<DocumentLanguage, MigrationTexts>> = { en, ru };

export const migrationTexts = (language: DocumentLanguage): MigrationTexts => TEXTS[language];
