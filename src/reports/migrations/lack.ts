import type { DocumentLanguage } from '../../languages.js';
import type { Lack } from '../../migrations/index.js';
import { migrationTexts } from './languages.js';

/** What a scratch database lacks and what to give, in plain text. */
export const lackText = (lack: Lack, language: DocumentLanguage): string =>
  migrationTexts(language).squash.lack(lack).replaceAll('`', '');
