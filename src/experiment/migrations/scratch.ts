import { randomBytes } from 'node:crypto';
import { ident, openServer, type ServerContext, type Session } from '../../postgres/index.js';

/**
 * Calls with a session on a database of its own, which is removed afterwards: that of a server started for it, or a new
 * one on the server that a URL names. Nothing else on that server is changed, roles that the history creates apart, and
 * those are dropped again.
 *
 * @throws {PgvtuneError} `server` when no database can be created there
 */
export async function withScratchDatabase<T>(
  choice: string,
  context: ServerContext,
  use: (session: Session, label: string) => Promise<T>,
): Promise<T> {
  const server = await openServer(choice, { ...context, asIs: true });
  try {
    if (server.disposable) return await use(await server.connect('scratch'), server.label);
    const admin = await server.connect('scratch', { evenIfInterrupted: true });
    const name = `pgvtune_scratch_${randomBytes(4).toString('hex')}`;
    await admin.query(`CREATE DATABASE ${ident(name)}`);
    try {
      return await inDatabase(choice, name, context, (session) => use(session, `${server.label} (${name})`));
    } finally {
      await admin.query(`DROP DATABASE IF EXISTS ${ident(name)}`);
    }
  } finally {
    await server.stop();
  }
}

async function inDatabase<T>(
  choice: string,
  name: string,
  context: ServerContext,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  // `postgres://user@host/database?options`: only the database changes.
  const url = choice.replace(/^(postgres(?:ql)?:\/\/[^/?]*)(?:\/[^?]*)?/i, `$1/${name}`);
  const scratch = await openServer(url, { ...context, asIs: true });
  try {
    return await use(await scratch.connect('scratch'));
  } finally {
    await scratch.stop();
  }
}
