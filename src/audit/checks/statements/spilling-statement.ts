import { PAGE_BYTES } from '../../../indexes/index.js';
import { ofStatement } from '../../statements/evidence.js';
import { statementCheck } from './check.js';

const LEAST_BYTES_PER_CALL = 2 ** 20;
/** One load of data is no workload, unless it spills as much. */
const LEAST_CALLS = 10;
const MANY_BYTES = 2 ** 30;

/** A statement whose sorts and hashes do not fit into work_mem. */
export const spillingStatement = statementCheck({
  id: 'spilling-statement',
  severity: 'low',
  needs: ['statements', 'settings'],
  run: ({ statements: { statements }, settings }) =>
    statements.flatMap((statement) => {
      const bytesPerCall = (statement.temporaryBlocksWritten * PAGE_BYTES) / statement.calls;
      if (bytesPerCall < LEAST_BYTES_PER_CALL || statement.shape?.kind === 'other') return [];
      if (statement.calls < LEAST_CALLS && bytesPerCall < MANY_BYTES) return [];
      return [
        {
          ...ofStatement(statement, 'high'),
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
