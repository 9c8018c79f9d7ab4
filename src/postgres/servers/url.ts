import { PgvtuneError } from '../../errors.js';
import { describeTarget, isOnThisMachine, type ConnectionTarget } from '../connection-url.js';
import { openSession } from '../connect.js';
import type { Server } from '../server.js';
import type { Session } from '../session.js';
import { shareBackends } from '../share-backends.js';
import { serve, type ServerContext } from './serve.js';

/**
 * An existing server. Looked at before anything is done on it, unless it is wanted as it is: it must be writable, have the
 * extension, allow a schema to be made (the two unless nothing will be written), and give each session a backend of its
 * own. Nothing on it is changed outside the scratch schema.
 *
 * @throws {PgvtuneError} `server` when it cannot be reached or does not fit, with what to do about it
 */
export async function openUrl(target: ConnectionTarget, context: ServerContext): Promise<Server> {
  const label = describeTarget(target);
  const server = serve({
    kind: 'url',
    label,
    disposable: false,
    capabilities: {
      sessions: Infinity,
      copy: true,
      progress: true,
      nativeTimings: true,
      processes: isOnThisMachine(target),
    },
    target,
    context,
  });
  if (target.ignored) context.note({ code: 'url-parameters-ignored', data: { names: target.ignored } });
  if (context.asIs) return server;
  try {
    await refuseSharedBackends(target, label, context);
    if (!context.readOnly) {
      const session = await server.connect('check');
      await refuseReadOnly(session, label);
      await refuseWithoutCreate(session, label);
      await session.close();
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
  context.note({ code: 'connected', data: { server: label, encrypted: target.tls !== false } });
  return server;
}

async function refuseReadOnly(session: Session, label: string): Promise<void> {
  const [row] = await session.query<{ standby: boolean; readOnly: string }>(
    `SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only') AS "readOnly"`,
  );
  if (!row?.standby && row?.readOnly === 'off') return;
  throw new PgvtuneError('server', `${label} is ${row?.standby ? 'a standby' : 'read-only'}.`, {
    hint: 'Connect to the primary, with a role that may write.',
    sqlstate: '25006',
  });
}

async function refuseWithoutCreate(session: Session, label: string): Promise<void> {
  const [row] = await session.query<{ allowed: boolean; grant: string }>(
    `SELECT has_database_privilege(current_database(), 'CREATE') AS allowed,
            format('GRANT CREATE ON DATABASE %I TO %I;', current_database(), current_user) AS grant`,
  );
  if (row?.allowed) return;
  throw new PgvtuneError('server', `This role may not create a schema on ${label}.`, {
    hint: `Let the owner of the database run: ${row?.grant}`,
    sqlstate: '42501',
  });
}

/** Looked at before anything is set, for what is set there is set for whoever gets that backend next. */
async function refuseSharedBackends(target: ConnectionTarget, label: string, context: ServerContext): Promise<void> {
  const open = (): Promise<Session> =>
    openSession({ target, label, applicationName: `pgvtune/${context.run}/check`, signal: context.signal });
  const first = await open();
  try {
    const second = await open();
    try {
      if (!(await shareBackends(first, second))) return;
    } finally {
      await second.close();
    }
  } finally {
    await first.close();
  }
  throw new PgvtuneError(
    'server',
    `${label} shares its backends between sessions, as a pooler in transaction mode does.`,
    {
      hint: 'Connect to PostgreSQL directly, or to a pooler in session mode.',
    },
  );
}
