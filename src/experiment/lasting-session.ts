import { setTimeout as delay } from 'node:timers/promises';
import { PgvtuneError } from '../errors.js';
import { type Clock, isRefusal } from '../measure/index.js';
import type { Session } from '../postgres/index.js';

/** A session that can be had anew, for all who hold it, after its connection was lost. */
export interface LastingSession extends Session {
  /**
   * Waits until the server answers again.
   *
   * @throws {PgvtuneError} `server` when it does not within two minutes; whatever else keeps it from answering
   */
  renew(): Promise<void>;
}

/** Recovery from a crash replays what was written since the last checkpoint. */
const RENEW_MS = 120_000;
const POLL_MS = 250;

/** @param open gives a fresh session */
export async function lastingSession(open: () => Promise<Session>, clock: Clock): Promise<LastingSession> {
  let current = await open();
  return {
    get backendPid() {
      return current.backendPid;
    },
    query: (text, values, options) => current.query(text, values, options),
    describe: (select) => current.describe(select),
    execute: (statement, values, options) => current.execute(statement, values, options),
    transaction: (work) => current.transaction(work),
    rolledBack: (work) => current.rolledBack(work),
    takeNotices: () => current.takeNotices(),
    copyIn: (text, chunks) => current.copyIn(text, chunks),
    close: () => current.close(),
    async renew() {
      await current.close().catch(() => undefined);
      const giveUp = clock.now() + RENEW_MS;
      for (;;) {
        try {
          current = await open();
          return;
        } catch (error) {
          if (!(error instanceof PgvtuneError && error.code === 'server') || clock.now() > giveUp) throw error;
        }
        await delay(POLL_MS);
      }
    },
  };
}

/** True for an error after which a connection is of no more use, though the server may be. */
export const isConnectionLost = (error: unknown): boolean =>
  error instanceof PgvtuneError && error.code === 'server' && !isRefusal(error);
