import { openSession } from './connect.js';
import type { ConnectionTarget } from './connection-url.js';
import { prepareSession, putSchemaFirst } from './prepare-session.js';
import type { ThreadSession } from './session.js';

/**
 * The way to a server as plain data, which can be sent to another thread or process of this program. It holds the password
 * in the clear: nobody prints or stores it.
 */
export interface SessionTicket {
  readonly target: Omit<ConnectionTarget, 'password' | 'tls'> & {
    readonly password: string | undefined;
    readonly tls: false | PlainTls;
  };
  readonly label: string;
  readonly applicationName: string;
  readonly cancellable: boolean;
  /** Put in front of the session's `search_path`; absent: none. */
  readonly schema?: string;
}

interface PlainTls {
  readonly rejectUnauthorized: boolean;
  readonly ca: Uint8Array | undefined;
  /** The certificate may be for another host. */
  readonly anyHost: boolean;
}

interface TicketOptions extends Omit<SessionTicket, 'target' | 'schema'> {
  readonly target: ConnectionTarget;
}

export function toTicket({ target, ...rest }: TicketOptions): SessionTicket {
  const { host, port, user, database, password, tls } = target;
  const plain: SessionTicket['target']['tls'] = tls && {
    rejectUnauthorized: tls.rejectUnauthorized ?? true,
    ca: tls.ca as Uint8Array | undefined,
    anyHost: tls.checkServerIdentity !== undefined,
  };
  return { ...rest, target: { host, port, user, database, password: password?.(), tls: plain } };
}

/** The target that a ticket was made from. */
export function targetOf({ target: { password, tls, ...rest } }: SessionTicket): ConnectionTarget {
  return {
    ...rest,
    password: password === undefined ? undefined : () => password,
    tls: tls && {
      rejectUnauthorized: tls.rejectUnauthorized,
      ...(tls.ca ? { ca: Buffer.from(tls.ca) } : {}),
      ...(tls.anyHost ? { checkServerIdentity: () => undefined } : {}),
    },
  };
}

/**
 * Opens the session that a ticket is for. Whoever opens it closes it.
 *
 * @throws {PgvtuneError} `server` when the server cannot be reached or refuses
 */
export async function openTicket(ticket: SessionTicket): Promise<ThreadSession> {
  const { label, applicationName, cancellable, schema } = ticket;
  const session = await openSession({ target: targetOf(ticket), label, applicationName, cancellable });
  try {
    await prepareSession(session, applicationName);
    if (schema !== undefined) await putSchemaFirst(session, schema);
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}
