import type { DocumentLanguage } from '../../languages.js';
import { run as en } from './en/run.js';
import { run as ru } from './ru/run.js';
import type { RunTexts } from './run-texts.js';

const TEXTS: Readonly<Record<DocumentLanguage, RunTexts>> = { en, ru };

export const runTextsIn = (language: DocumentLanguage): RunTexts => TEXTS[language];
