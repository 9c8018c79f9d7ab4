import { isUnread } from '../../findings.js';
import type { SeenServer } from '../../monitoring/index.js';
import type { Metric } from '../exports/text-format.js';
import { gauge, ofCounters } from './metric.js';

/** pg_stat_statements. */
export function metricsOfStatements({ look, statements, texts }: SeenServer): readonly Metric[] {
  if (isUnread(look.statements)) return [];
  const counted = ofCounters(statements, (queryid) => ({ queryid }), { queryid: 'other' });
  return [
    gauge(
      'statement_info',
      'The beginning of a statement without its constants; the value is 1.',
      [...texts].map(([queryid, statement]) => [{ queryid, statement }, 1]),
    ),
    counted('statement_calls_total', 'Executions.', ({ calls }) => calls),
    counted('statement_execution_seconds_total', 'Time of execution.', ({ executionMs }) => executionMs / 1000),
    counted(
      'statement_planning_seconds_total',
      'Time of planning, where pg_stat_statements.track_planning is on.',
      ({ planningMs }) => planningMs / 1000,
    ),
    counted('statement_rows_total', 'Rows returned or changed.', ({ rows }) => rows),
    counted('statement_blocks_hit_total', 'Buffers found in shared_buffers.', ({ blocksHit }) => blocksHit),
    counted('statement_blocks_read_total', 'Buffers read from the operating system.', ({ blocksRead }) => blocksRead),
    counted(
      'statement_temporary_blocks_written_total',
      'Buffers written to temporary files.',
      ({ temporaryBlocksWritten }) => temporaryBlocksWritten,
    ),
  ];
}
