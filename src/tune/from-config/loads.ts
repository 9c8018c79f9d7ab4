import type { Config } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';
import type { ServedShape, Shape } from '../../workloads/index.js';
import type { LoadPlan } from '../common/loads.js';

/** Clients that put load on an index when nobody says how many. */
const DEFAULT_CONCURRENCY = [1, 2, 4];

/**
 * The load that a configuration asks for. Where the server takes a single session, a load of one client is all there can
 * be, and it shows little more than the points do: it has to be asked for.
 *
 * @param options.sessions how many the server takes at once
 * @param options.isAsked throughput is measured only where the configuration mentions it
 * @throws {PgvtuneError} `usage` when more clients are asked for than the server takes
 */
export function loadPlan(
  { measure }: Pick<Config, 'measure'>,
  { sessions, isAsked }: { readonly sessions: number; readonly isAsked: boolean },
): LoadPlan {
  const { concurrency, arrivals, rate = null, slo = null, seconds } = measure;
  const most = Math.max(0, ...(concurrency ?? []));
  refuseMoreThan(sessions, most);
  return {
    concurrency: concurrency ?? (!isAsked && sessions > 1 ? DEFAULT_CONCURRENCY.filter((n) => n <= sessions) : []),
    connections: Math.min(sessions, most || Math.max(...DEFAULT_CONCURRENCY)),
    seconds,
    arrivals,
    ratePerSecond: rate,
    objective: slo,
  };
}

/** Refuses what {@link loadPlan} would, as far as it is known: before a server is started, only that one kind takes one session. */
export function checkLoads({ measure, server }: Pick<Config, 'measure' | 'server'>, shape: Shape | ServedShape): void {
  const sessions = 'sessions' in shape ? shape.sessions : server === 'embedded' ? 1 : Infinity;
  refuseMoreThan(sessions, Math.max(0, ...(measure.concurrency ?? [])));
}

function refuseMoreThan(sessions: number, clients: number): void {
  if (clients <= sessions) return;
  throw new PgvtuneError(
    'usage',
    sessions === 1
      ? `The server takes 1 connection at a time; ${clients} clients were asked for.`
      : `The server has ${Math.max(0, sessions)} connections left for a load; ${clients} clients were asked for.`,
    {
      hint: 'Ask for fewer with --concurrency, raise max_connections (or the limit of the role), or name another server.',
    },
  );
}
