import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { childEnvironment } from '../../child-environment.js';
import { PgvtuneError } from '../../errors.js';
import type { User } from './supervise.js';

const run = (file: string, args: readonly string[]) => promisify(execFile)(file, args, { env: childEnvironment() });

/** Accounts to run a server under, most fitting first. The second is made when there is none. */
const OWN_ACCOUNT = 'pgvtune';
const ACCOUNTS = ['postgres', OWN_ACCOUNT, 'nobody'];

/**
 * PostgreSQL refuses to run as root. When we are root: the account to run it under, made if need be; otherwise
 * undefined, for "as ourselves".
 *
 * @throws {PgvtuneError} `environment` when there is no account and none can be made
 */
export async function unprivilegedUser(): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const account of ACCOUNTS) {
    const user = await lookUp(account);
    if (user) return user;
  }
  try {
    await run('useradd', ['--system', '--no-create-home', '--shell', '/bin/false', OWN_ACCOUNT]);
    const user = await lookUp(OWN_ACCOUNT);
    if (user) return user;
  } catch (cause) {
    throw noAccount(cause);
  }
  throw noAccount();
}

async function lookUp(account: string): Promise<User | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', account]), run('id', ['-g', account])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

const noAccount = (cause?: unknown): PgvtuneError =>
  new PgvtuneError('environment', 'PostgreSQL refuses to run as root, and no other account could be found or made.', {
    hint: 'Start pgvtune as an ordinary user, or add an account: useradd --system pgvtune',
    cause,
  });
