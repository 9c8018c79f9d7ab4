import type { AuditTexts } from '../../audit-texts.js';
import { frame } from './frame.js';
import { indexTexts } from './indexes.js';
import { monitoringTexts } from './monitoring.js';
import { nPlusOneTexts } from './n-plus-one.js';
import { schemaTexts } from './schema.js';
import { serverTexts } from './server.js';
import { statementTexts } from './statements.js';
import { vectorTexts } from './vectors.js';

/** All that an audit says in Russian. */
export const auditTexts: AuditTexts = {
  frame,
  findings: {
    ...indexTexts,
    ...schemaTexts,
    ...vectorTexts,
    ...serverTexts,
    ...monitoringTexts,
    ...statementTexts,
    ...nPlusOneTexts,
  },
};
