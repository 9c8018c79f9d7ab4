import { PAGE_BYTES } from '../../../indexes/index.js';
import { statementEvidence, statementName } from '../../statements/evidence.js';
import { statementCheck } from './check.js';

const LEAST_BYTES_PER_CALL = 2 ** 20;

/** A statement whose sorts and hashes do not fit into work_mem. */
export const spillingStatement = statementCheck({
  id: 'spilling-statement',
  severity: 'low',
  needs: ['statements', 'settings'],
  run: ({ statements: { statements }, settings }) =>
    statements.flatMap((statement) => {
      const bytesPerCall = (statement.temporaryBlocksWritten * PAGE_BYTES) / statement.calls;
      if (bytesPerCall < LEAST_BYTES_PER_CALL || statement.shape?.kind === 'other') return [];
      return [
        {
          object: statementName(statement),
          confidence: 'high' as const,
          basis: 'statements' as const,
          evidence: statementEvidence(statement.id),
          remedy: null,
          data: {
            query: statement.query,
            calls: statement.calls,
            bytesPerCall,
            workMem: settings['work_mem'] ?? '',
          },
        },
      ];
    }),
});
