import type { ConnectionTarget } from './connection-url.js';

/**
 * Looks into the password file (`PGPASSFILE`, else `~/.pgpass`) when the server asks for a password, as libpq does; empty
 * where it has none. `pg` would do so by itself, with a warning that is meant for programmers.
 */
export const fromPasswordFile =
  ({ host, port, user, database }: ConnectionTarget) =>
  async (): Promise<string> => {
    const { default: lookUp } = await import('pgpass');
    return new Promise((resolve) => {
      lookUp({ host, port, user, database }, (password) => resolve(password ?? ''));
    });
  };
