import { randomBytes } from 'node:crypto';
import { describe, inject } from 'vitest';
import type { measurementChecks, MeasurementFinding, MeasurementSnapshot } from '../../src/audit/index.js';
import { runChecks, SEVERITIES } from '../../src/findings.js';
import { takeMeasurementSnapshot } from '../../src/live/index.js';
import { openSession } from '../../src/postgres/connect.js';
import { literal, type Session } from '../../src/postgres/index.js';
import { textOf, textsIn } from '../../src/reports/index.js';
import { open } from './servers.js';

/** Servers that tests of checks share; see `check-servers-setup.ts`. */
const servers = inject('checkServers');

/** A `describe` whose tests need them. */
export function describeWithServers(title: string, tests: () => void): void {
  describe.runIf(servers !== null)(title, tests);
}

export interface Login {
  readonly role: string;
  readonly database: string;
}

/** A superuser's session; with a name of pgvtune's own it is nobody else's work. */
export const superuser = (database = 'postgres', applicationName = 'pgvtune/test/sql'): Promise<Session> =>
  openSession({
    target: { host: servers!.healthy, port: 5432, user: 'postgres', database, tls: false },
    applicationName,
  });

/** Runs statements as superuser. */
export async function sql(text: string, database?: string): Promise<void> {
  const session = await superuser(database);
  await session.query(text);
  await session.close();
}

const newName = (kind: string): string => `${kind}_${randomBytes(6).toString('hex')}`;

/**
 * A new role with settings of its own.
 *
 * @param options.memberOf `measurer` may do all that a measurement needs
 */
export async function newLogin(
  settings: Readonly<Record<string, string>> = {},
  { database = 'postgres', memberOf = 'measurer' }: { database?: string; memberOf?: string } = {},
): Promise<Login> {
  const role = newName('role');
  const set = Object.entries(settings).map(([name, value]) => `ALTER ROLE ${role} SET ${name} = ${literal(value)};`);
  await sql(`CREATE ROLE ${role} LOGIN IN ROLE ${memberOf}; ${set.join(' ')}`);
  return { role, database };
}

/** A new database, after statements were run in it. */
export async function newDatabase(text: string): Promise<string> {
  const database = newName('database');
  await sql(`CREATE DATABASE ${database}`);
  await sql(`${text}; GRANT CREATE ON DATABASE ${database} TO measurer`, database);
  return database;
}

/** A login to a new database whose catalog says that another version of pgvector is installed. */
export const loginWithPgvector = async (version: string): Promise<Login> =>
  newLogin(
    {},
    {
      database: await newDatabase(
        `CREATE EXTENSION vector; UPDATE pg_extension SET extversion = ${literal(version)} WHERE extname = 'vector'`,
      ),
    },
  );

/** To the standby, which has no other role. */
export const STANDBY: Login = { role: 'postgres', database: 'postgres' };

/** The folder of a server's Unix socket. */
export const socketOf = (server: 'healthy' | 'standby'): string => servers![server];

export const urlOf = (login: Login): string =>
  `postgres://${login.role}@/${login.database}?host=${socketOf(login === STANDBY ? 'standby' : 'healthy')}`;

/** Opens a server as it is and takes the snapshot that the checks of `doctor` look at. */
export async function snapshotOf(choice: string): Promise<MeasurementSnapshot> {
  const server = await open(choice, { asIs: true });
  try {
    return await takeMeasurementSnapshot(server);
  } finally {
    await server.stop();
  }
}

/** What one check finds. It must have been made, and nothing may be more severe than the check. */
export async function findingsOf(
  check: (typeof measurementChecks)[number],
  login: Login,
): Promise<readonly MeasurementFinding[]> {
  const { findings, unchecked } = runChecks([check], await snapshotOf(urlOf(login)));
  if (unchecked.length > 0) throw new Error(`Not checked: ${JSON.stringify(unchecked)}`);
  const tooSevere = findings.find(({ severity }) => SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(check.severity));
  if (tooSevere) throw new Error(`More severe than its check: ${JSON.stringify(tooSevere)}`);
  return findings;
}

/** Runs the statements that the texts of findings name, word for word, as superuser in the database of a login. */
export async function applyRemedies(findings: readonly MeasurementFinding[], { database }: Login): Promise<void> {
  for (const finding of findings) {
    const text = textOf(textsIn('en').measurementChecks, finding);
    const statements = text.match(/\b(ALTER|CREATE|GRANT) [^;]*;/g);
    if (!statements) throw new Error(`No statement in: ${text}`);
    for (const statement of statements) await sql(statement, database);
  }
}
