import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pgvtune, workingDirectory } from '../support/command-line.js';
import { hasLocal, sharedServer, socketFolder } from '../support/servers.js';

/** A Python that has Alembic and a driver. */
const python = ['python3', '/usr/bin/python3'].find((command) => {
  try {
    execFileSync(command, ['-c', 'import alembic, psycopg2'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
const canRun = python !== undefined && (await hasLocal());

const ENV = `from alembic import context
from sqlalchemy import create_engine
with create_engine(context.config.get_main_option('sqlalchemy.url')).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
`;
const VECTOR = `from sqlalchemy.types import UserDefinedType
class Vector(UserDefinedType):
    cache_ok = True
    def __init__(self, dim):
        self.dim = dim
    def get_col_spec(self, **kw):
        return 'VECTOR(%d)' % self.dim
`;

describe.runIf(canRun)(
  `the procedure of a squash, with Alembic itself${canRun ? '' : ' (needs Alembic, psycopg2 and a local server)'}`,
  () => {
    const cluster = sharedServer('local');
    let directory: ReturnType<typeof workingDirectory>;
    beforeAll(() => (directory = workingDirectory()));
    afterAll(() => directory.remove());

    it.each([
      ['all', []],
      // One of two branches: the revision of the other one follows what is squashed.
      ['branch', ['--keep-from', 'e540a5f47367']],
    ])(
      'leaves a deployed database where it is, and builds an equal one (%s)',
      { timeout: 120_000 },
      async (name, argv) => {
        const cwd = join(directory.path, name);
        cpSync(join(import.meta.dirname, '../fixtures/assistants-alembic'), join(cwd, 'alembic'), { recursive: true });
        writeFileSync(join(cwd, 'alembic/env.py'), ENV);
        mkdirSync(join(cwd, 'lib/pgvector'), { recursive: true });
        writeFileSync(join(cwd, 'lib/pgvector/sqlalchemy.py'), VECTOR);
        const admin = await cluster().connect('alembic');
        const [row] = await admin.query<{ user: string }>('SELECT current_user AS user');
        const host = await socketFolder(cluster());
        const url = (database: string): string => `postgresql://${row!.user}@/${database}?host=${host}`;
        const shell = (command: string): string =>
          execFileSync('bash', ['-c', command], {
            cwd,
            encoding: 'utf8',
            env: { ...process.env, PYTHONPATH: join(cwd, 'lib') },
          });
        const alembic = (database: string, command: string): string => {
          const settings = `[alembic]\nscript_location = alembic\nsqlalchemy.url = ${url(database).replaceAll('%', '%%')}\n`;
          writeFileSync(join(cwd, 'alembic.ini'), settings);
          return shell(`${python} -m ${command} 2>&1`);
        };
        const [deployed, fresh] = [`deployed_${name}`, `fresh_${name}`];
        for (const database of [deployed, fresh]) await admin.query(`CREATE DATABASE ${database}`);
        await admin.close();
        alembic(deployed, 'alembic upgrade heads');
        cpSync(join(cwd, 'alembic'), join(cwd, 'before'), { recursive: true });
        shell('git init -q && git add alembic && git -c user.name=t -c user.email=t@t commit -qm before');

        await pgvtune(cwd, 'migrations', 'alembic', '--squash', ...argv);
        const document = readFileSync(join(cwd, 'docs/db/migration_optimization.md'), 'utf8');
        const commands = [...document.matchAll(/`((?:git rm|mkdir) [^`]+)`/g)].map(([, command]) => command!);
        expect(commands).toHaveLength(2);
        for (const command of commands) shell(command);
        for (const [, file, line] of document.matchAll(/In `([^`]+)` write `([^`]+)`/g)) {
          const path = join(cwd, 'alembic', file!);
          const member = line!.split(' ')[0]!;
          writeFileSync(path, readFileSync(path, 'utf8').replace(new RegExp(`^${member} = .*$`, 'm'), line!));
        }
        const at = alembic(deployed, 'alembic current');
        expect(at).toContain('d39ff43c1444 (head)');
        const pairs = [['before', fresh]];
        if (name === 'all') {
          alembic(deployed, /`(alembic stamp \w+)`/.exec(document)![1]!);
          expect(alembic(deployed, 'alembic upgrade head')).toBe('');
          expect(alembic(deployed, 'alembic history --indicate-current')).toContain(
            'd39ff43c1444 (head) (current), Baseline',
          );
          pairs.push(['alembic', deployed]);
        }
        alembic(fresh, 'alembic upgrade head');
        for (const [folder, database] of pairs) {
          const drift = await pgvtune(
            cwd,
            'migrations',
            'drift',
            folder!,
            '--server',
            url(database!),
            '--scratch',
            url('postgres'),
          );
          expect(drift).toMatchObject({
            code: 0,
            stdout: expect.stringMatching(/^0 differences over 1\d\d objects\.\n$/) as string,
          });
        }
      },
    );
  },
);
