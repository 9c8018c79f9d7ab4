import { explainStatement, type SearchExplanation } from '../live/index.js';
import { monotonicClock } from '../measure/index.js';
import { commonOf, type CommonOptions, DEADLINE_MS } from './defaults.js';
import { withSession } from './with-session.js';

export interface ExplainOptions extends CommonOptions {
  /** One SELECT that orders by a distance, with its parameters as `$1`. */
  readonly sql: string;
  /** Values of parameters by their numbers, as text; those that are left out are drawn. */
  readonly parameters?: Readonly<Record<number, string>>;
  /** Vectors of random rows to measure the changed statement with. Default: it is planned, and not executed. */
  readonly measure?: number;
  /** Milliseconds that one statement may take. Default 30,000. */
  readonly deadlineMs?: number;
  /** Default 1. */
  readonly seed?: number;
}

/**
 * Says why an application's statement does not use an index on its vectors, and how it would; only reads.
 *
 * @param server `env`, or a `postgres://` URL
 * @throws {PgvtuneError} `usage`, `dataset`, `server`, as `pgvtune explain`
 */
export const explain = (server: string, options: ExplainOptions): Promise<SearchExplanation> => {
  const { sql, parameters = {}, measure = null, deadlineMs = DEADLINE_MS, seed = 1 } = options;
  return withSession(server, { ...options, purpose: 'explain', readOnly: true }, (session) =>
    explainStatement({
      session,
      sql,
      given: new Map(Object.entries(parameters).map(([number, value]) => [Number(number), value])),
      measure,
      deadlineMs,
      seed,
      clock: monotonicClock,
      reporter: commonOf(options).reporter,
    }),
  );
};
