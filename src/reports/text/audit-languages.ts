import { auditTexts as en } from './en/audit/index.js';
import { auditTexts as ru } from './ru/audit/index.js';
import type { AuditTexts } from './audit-texts.js';
import type { DocumentLanguage } from '../../languages.js';

const TEXTS: Readonly<Record<DocumentLanguage, AuditTexts>> = { en, ru };

export const auditTextsIn = (language: DocumentLanguage): AuditTexts => TEXTS[language];
