import { PgvtuneError } from '../../errors.js';
import type { ControlOutcome, ControlRecord } from '../../results/index.js';
import { type LiveRecallOptions, measureLiveRecall } from './measure.js';
import type { LiveRecall } from './report.js';

/**
 * What the existing index of a table gives today, as a record to compare a recommendation with. That it cannot be measured
 * is a result too: the run goes on.
 *
 * @param server what the server is called in messages
 * @throws {PgvtuneError} `interrupted`
 */
export async function measureControl(
  server: string,
  options: LiveRecallOptions & { readonly column: string },
): Promise<ControlRecord> {
  const { table, column, k } = options;
  const control = { type: 'control', key: 'control', server, table, column, k } as const;
  try {
    const report = await measureLiveRecall(options);
    return { ...control, rows: report.table.rows, indexes: indexesOf(report), outcome: outcomeOf(report) };
  } catch (error) {
    if (!(error instanceof PgvtuneError) || error.code === 'interrupted') throw error;
    return { ...control, rows: null, indexes: [], outcome: { code: 'failed', data: { message: error.message } } };
  }
}

const indexesOf = ({ indexes }: LiveRecall): ControlRecord['indexes'] =>
  indexes.map(({ name, method, expression, predicate, reloptions, bytes, valid }) => ({
    name,
    method,
    expression,
    predicate,
    options: { ...reloptions },
    bytes,
    valid,
  }));

function outcomeOf({ measured, plan, verdict, asked }: LiveRecall): ControlOutcome {
  if (!measured) {
    return verdict === 'void' ? { code: 'void', data: {} } : { code: 'not-served', data: { plan: plan?.text ?? null } };
  }
  const { recall, completeness, latencyMs, buffers } = measured;
  return {
    code: 'measured',
    data: {
      plan: plan?.text ?? '',
      settings: { ...asked.settings },
      queries: asked.queries === 'log' ? 'log' : 'rows',
      recall,
      completeness,
      latencyMs: { quantiles: [...latencyMs.first.quantiles] },
      buffers: buffers.mean,
    },
  };
}
