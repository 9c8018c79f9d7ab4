import { openServer, type Server, type Session } from '../postgres/index.js';
import { commonOf, type CommonOptions } from './defaults.js';

interface Access extends CommonOptions {
  /** Becomes part of `application_name`. */
  readonly purpose: string;
  /** Nothing may be written, not even a scratch schema. */
  readonly readOnly?: true;
  /** The server as it is, without settings and without refusing anything. */
  readonly asIs?: true;
}

/** A server, stopped in the end. */
export async function withServer<T>(choice: string, access: Access, use: (server: Server) => Promise<T>): Promise<T> {
  const { reporter, signal } = commonOf(access);
  const { purpose, readOnly, asIs } = access;
  const server = await openServer(choice, {
    run: purpose,
    signal,
    note: (note) => reporter.note(note),
    ...(readOnly === undefined ? {} : { readOnly }),
    ...(asIs === undefined ? {} : { asIs }),
  });
  try {
    return await use(server);
  } finally {
    await server.stop();
  }
}

/** One session on a server, both closed in the end. */
export const withSession = <T>(
  choice: string,
  access: Access,
  use: (session: Session, server: Server) => Promise<T>,
): Promise<T> =>
  withServer(choice, access, async (server) => {
    const session = await server.connect(access.purpose);
    try {
      return await use(session, server);
    } finally {
      await session.close();
    }
  });
