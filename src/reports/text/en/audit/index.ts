import { frame } from './frame.js';
import { indexTexts } from './indexes.js';
import { monitoringTexts } from './monitoring.js';
import { nPlusOneTexts } from './n-plus-one.js';
import { schemaTexts } from './schema.js';
import { serverTexts } from './server.js';
import { statementTexts } from './statements.js';
import { vectorTexts } from './vectors.js';

/** All that an audit says in English. */
export const auditTexts = {
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
