import { auditTexts as en } from './en/audit/index.js';
import { auditTexts as ru } from './ru/audit/index.js';
import type { AuditTexts } from './audit-texts.js';

/** Languages that an audit is written in. */
export const AUDIT_LANGUAGES = ['en', 'ru'] as const;
export type AuditLanguage = (typeof AUDIT_LANGUAGES)[number];

const TEXTS: Readonly<Record<AuditLanguage, AuditTexts>> = { en, ru };

export const auditTextsIn = (language: AuditLanguage): AuditTexts => TEXTS[language];
