import { setTimeout as sleep } from 'node:timers/promises';
import { openSession } from '../connect.js';
import { PgvtuneError } from '../../errors.js';
import type { Server } from '../server.js';
import type { Session } from '../session.js';
import { serve, type ServeOptions } from './serve.js';

/** Generous: on a machine that is busy with other things, PGlite has been seen to take twenty seconds. */
const START_TIMEOUT_MS = 120_000;
const POLL_MS = 25;

/**
 * Waits until a server that this run just started answers, creates the extension, and serves it. Stops it on failure.
 *
 * @throws {PgvtuneError} `environment` when it ended instead, or does not answer within two minutes
 */
export async function serveNew(options: Omit<ServeOptions, 'disposable'>): Promise<Server> {
  try {
    const session = await firstSession(options);
    await session.query('CREATE EXTENSION IF NOT EXISTS vector');
    await session.close();
  } catch (error) {
    await options.stop?.();
    throw error;
  }
  return serve({ ...options, disposable: true });
}

async function firstSession({ target, label, context, ended }: Omit<ServeOptions, 'disposable'>): Promise<Session> {
  const { signal } = context;
  const tooLong = AbortSignal.timeout(START_TIMEOUT_MS);
  for (;;) {
    try {
      return await openSession({ target, label, applicationName: 'pgvtune/start', signal });
    } catch (error) {
      const failure = ended?.();
      if (failure || signal.aborted) throw failure ?? error;
      if (tooLong.aborted) throw startedTooLong(label, error);
    }
    await sleep(POLL_MS);
  }
}

const startedTooLong = (label: string, cause: unknown): PgvtuneError =>
  new PgvtuneError('environment', `The server (${label}) was started and did not answer within two minutes.`, {
    hint: 'The machine may be too busy: try again, or name another server.',
    cause,
  });
