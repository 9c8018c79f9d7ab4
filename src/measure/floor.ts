import { Bench } from 'tinybench';
import { PgvtuneError } from '../errors.js';
import type { Parameter, Session, Statement } from '../postgres/index.js';

/** Enough for a median, over in a blink. */
const ROUND_TRIPS = 100;

/** A query that looks nothing up: one vector in, k rows out. */
export interface NullQuery {
  readonly statement: Statement;
  readonly values: readonly Parameter[];
}

/** @param vector a bound vector parameter of the workload's dimensions */
export const nullQuery = (vector: Parameter, k: number): NullQuery => ({
  statement: {
    name: `pgvtune_floor_${k}`,
    text: `SELECT g::bigint FROM generate_series(1, ${k}) AS g WHERE $1::vector IS NOT NULL`,
  },
  values: [vector],
});

/**
 * The time that a query of this shape takes without any search: one vector in, k rows out, nothing looked up. What
 * remains above it is the server's work. Median over `roundTrips`, milliseconds.
 *
 * @param vector a bound vector parameter of the workload's dimensions
 */
export async function measureClientFloor(
  session: Session,
  vector: Parameter,
  k: number,
  roundTrips = ROUND_TRIPS,
): Promise<number> {
  const { statement, values } = nullQuery(vector, k);
  const bench = new Bench({ time: 0, iterations: roundTrips, warmup: true, warmupTime: 0, warmupIterations: 10 });
  bench.add('floor', async () => {
    await session.execute(statement, values);
  });
  const [task] = await bench.run();
  const result = task?.result;
  if (result?.state !== 'completed') {
    const cause = result?.state === 'errored' ? result.error : undefined;
    if (cause instanceof PgvtuneError) throw cause;
    throw new PgvtuneError('server', 'The null query that measures the client floor failed.', { cause });
  }
  return result.latency.p50;
}
