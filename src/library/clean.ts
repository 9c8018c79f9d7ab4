import { dropLeftover, type Leftover, listLeftovers } from '../postgres/index.js';
import type { CommonOptions } from './defaults.js';
import { withSession } from './with-session.js';

export interface CleanOptions extends CommonOptions {
  /** Only look. Default false. */
  readonly dryRun?: boolean;
}

export interface Cleaned {
  /** Schemas of interrupted runs; empty when nothing was to be removed, or only looked for. */
  readonly removed: readonly Leftover[];
  /** All that were found, also those that a run is using. */
  readonly leftovers: readonly Leftover[];
}

/**
 * Removes what interrupted runs left on an existing server: schemas with pgvtune's comment that no run is using.
 *
 * @param server `env`, or a `postgres://` URL
 * @throws {PgvtuneError} `usage` for a server that cannot be meant; `server`
 */
export const clean = (server: string, options: CleanOptions = {}): Promise<Cleaned> =>
  withSession(
    server, // To list takes no privilege.
    { ...options, purpose: 'clean', ...(options.dryRun ? { asIs: true } : {}) },
    async (session) => {
      const leftovers = await listLeftovers(session);
      const removable = leftovers.filter(({ holder }) => holder === null);
      if (options.dryRun) return { removed: [], leftovers };
      for (const { schema } of removable) await dropLeftover(session, schema);
      return { removed: removable, leftovers };
    },
  );
