import { frame } from './frame.js';
import { indexTexts } from './indexes.js';

/** All that an audit says in English. */
export const auditTexts = { frame, findings: { ...indexTexts } };
