import { afterAll, beforeAll, describe } from 'vitest';
import { openServer, type Server } from '../../src/postgres/index.js';
import type { Note } from '../../src/progress.js';
import { findLocal } from '../../src/postgres/servers/local.js';

export interface OpenOptions {
  readonly run?: string;
  readonly signal?: AbortSignal;
  readonly note?: (note: Note) => void;
  readonly asIs?: boolean;
}

/** Opens a server for a test; whoever opens it stops it. */
export const open = (choice: string, options: OpenOptions = {}): Promise<Server> =>
  openServer(choice, {
    run: options.run ?? 'test',
    signal: options.signal ?? new AbortController().signal,
    note: options.note ?? (() => undefined),
    asIs: options.asIs ?? false,
  });

/**
 * Whether tests of a native server can run. In CI they have to: a missing server is then found by the tests failing,
 * not by their being skipped.
 */
export async function hasLocal(): Promise<boolean> {
  if (process.env['CI'] === 'true' || (await findLocal())) return true;
  warnOnce('SKIPPED: tests of a native server, because no PostgreSQL with pgvector is installed here.');
  return false;
}

const warned = new Set<string>();

/** A skipped test must not look like one that passed. */
export function warnOnce(text: string): void {
  // oxlint-disable-next-line no-console
  if (!warned.has(text)) console.warn(text);
  warned.add(text);
}

/** One server for all tests of a `describe` block; ask for it inside a test. */
export function sharedServer(choice: string): () => Server {
  let server: Server | undefined;
  beforeAll(async () => {
    server = await open(choice);
  });
  afterAll(async () => {
    await server?.stop();
  });
  return () => {
    if (!server) throw new Error('The server exists only while tests run.');
    return server;
  };
}

/**
 * The same tests on every server that this machine has: the embedded one always, a native one where it is installed.
 */
export async function describeServers(
  title: string,
  tests: (server: () => Server, choice: string) => void,
): Promise<void> {
  const choices = (await hasLocal()) ? ['embedded', 'local'] : ['embedded'];
  describe.each(choices)(`${title} (%s)`, (choice) => tests(sharedServer(choice), choice));
}

/** The folder of the Unix socket that a local server listens on. */
export async function socketFolder(server: Server): Promise<string> {
  const session = await server.connect('test');
  const [row] = await session.query<{ unix_socket_directories: string }>('SHOW unix_socket_directories');
  await session.close();
  return row!.unix_socket_directories;
}
