import { execFile } from 'node:child_process';
import { access, readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../../child-environment.js';
import type { Environment } from '../connection-url.js';

const run = promisify(execFile);

/** An installed PostgreSQL server. */
export interface Binaries {
  /** Folder of `postgres` and `initdb`. */
  readonly folder: string;
  /** E.g. 15.2 as `[15, 2]`. */
  readonly version: readonly number[];
  /** Version of pgvector that CREATE EXTENSION would install; absent when it is not installed. */
  readonly pgvector: string | undefined;
}

/** Folders that hold one subfolder a version, and what follows below it. */
const USUAL_PLACES = [
  { parent: '/usr/lib/postgresql', name: /^\d+$/, below: 'bin' }, // Debian, Ubuntu
  { parent: '/usr', name: /^pgsql-\d+$/, below: 'bin' }, // RPM packages of the PostgreSQL project
  { parent: '/usr/libexec', name: /^postgresql\d+$/, below: '' }, // Alpine
  { parent: '/opt/homebrew/opt', name: /^postgresql(@\d+)?$/, below: 'bin' }, // Homebrew on Apple silicon
  { parent: '/usr/local/opt', name: /^postgresql(@\d+)?$/, below: 'bin' }, // Homebrew on Intel
  { parent: '/usr/local', name: /^pgsql$/, below: 'bin' }, // built from source
] as const;

/**
 * The PostgreSQL servers installed on this machine, newest first: the one that `PG_CONFIG` names and no other when it
 * is set, otherwise what `pg_config` on the PATH and the usual folders have.
 */
export async function findBinaries(environment: Environment): Promise<Binaries[]> {
  const named = environment['PG_CONFIG'];
  const folders = named
    ? [await ask(named, '--bindir')]
    : [await ask('pg_config', '--bindir'), ...(await usualFolders())];
  const found = new Map<string, Binaries>();
  for (const folder of folders) {
    const binaries = folder && (await inspect(folder));
    if (binaries) found.set(binaries.folder, binaries);
  }
  return [...found.values()].sort((a, b) => compareVersions(b.version, a.version));
}

async function usualFolders(): Promise<string[]> {
  const folders: string[] = [];
  for (const { parent, name, below } of USUAL_PLACES) {
    const entries = await readdir(parent).catch((): string[] => []);
    folders.push(...entries.filter((entry) => name.test(entry)).map((entry) => join(parent, entry, below)));
  }
  return folders;
}

async function inspect(place: string): Promise<Binaries | undefined> {
  try {
    // Homebrew has several links to one installation.
    const folder = await realpath(place);
    await access(join(folder, 'initdb'));
    const { stdout } = await run(join(folder, 'postgres'), ['--version'], { env: childEnvironment() });
    const version = /(\d+(?:\.\d+)*)/.exec(stdout)?.[1]?.split('.').map(Number) ?? [];
    return { folder, version, pgvector: await pgvectorVersion(folder) };
  } catch {
    return undefined;
  }
}

async function pgvectorVersion(folder: string): Promise<string | undefined> {
  const shared = await ask(join(folder, 'pg_config'), '--sharedir');
  if (!shared) return undefined;
  const control = await readFile(join(shared, 'extension', 'vector.control'), 'utf8').catch(() => '');
  return /default_version\s*=\s*'([^']+)'/.exec(control)?.[1];
}

async function ask(pgConfig: string, what: '--bindir' | '--sharedir'): Promise<string | undefined> {
  try {
    return (await run(pgConfig, [what], { env: childEnvironment() })).stdout.trim();
  } catch {
    return undefined;
  }
}

function compareVersions(a: readonly number[], b: readonly number[]): number {
  return (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0);
}
