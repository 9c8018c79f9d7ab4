import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface FakePostgres {
  /** Where the installation goes, in a folder named after its version. */
  readonly folder: string;
  readonly version: string;
  /** Version of the pgvector installed with it; absent: none is. */
  readonly pgvector?: string | undefined;
  /** What `initdb` does, as shell commands. */
  readonly initdb?: string;
}

/** An installation whose programs print what the real ones would. Gives the path of its `pg_config`. */
export async function fakePostgres({ folder, version, pgvector, initdb = 'exit 1' }: FakePostgres): Promise<string> {
  const [bin, share] = [join(folder, version, 'bin'), join(folder, version, 'share')];
  await mkdir(bin, { recursive: true });
  await mkdir(join(share, 'extension'), { recursive: true });
  const programs = {
    initdb,
    postgres: `echo "postgres (PostgreSQL) ${version} (Debian ${version}-1.pgdg12+1)"`,
    pg_config: `case $1 in --bindir) echo ${bin};; --sharedir) echo ${share};; esac`,
  };
  for (const [name, body] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${body}\n`);
    await chmod(join(bin, name), 0o755);
  }
  if (pgvector !== undefined) {
    await writeFile(join(share, 'extension', 'vector.control'), `comment = 'x'\ndefault_version = '${pgvector}'\n`);
  }
  return join(bin, 'pg_config');
}
