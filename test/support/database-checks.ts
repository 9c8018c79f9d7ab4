import { expect } from 'vitest';
import type { databaseChecks, DatabaseFinding, DatabaseSnapshot } from '../../src/audit/index.js';
import { type Finding, runChecks, SEVERITIES } from '../../src/findings.js';
import { takeDatabaseSnapshot } from '../../src/live/index.js';
import type { Parameter, Session } from '../../src/postgres/index.js';
import { newDatabase, superuser, urlOf } from './check-servers.js';
import { open } from './servers.js';

type DatabaseCheck = (typeof databaseChecks)[number];

/** Runs statements one by one, as a remedy has to be, and lets their counters be seen. */
export async function run(database: string, ...statements: readonly string[]): Promise<void> {
  const session = await superuser(database);
  for (const statement of statements) await session.query(statement);
  await session.query('SELECT pg_stat_force_next_flush()');
  await session.query('SELECT 1');
  await session.close();
}

/** A new database, after statements were run in it one by one. */
export async function databaseWith(...statements: readonly string[]): Promise<string> {
  const database = await newDatabase('SELECT 1');
  await run(database, ...statements);
  return database;
}

/** Reads a database of the shared server. */
export async function databaseSnapshot(database: string): Promise<DatabaseSnapshot> {
  const server = await open(urlOf({ role: 'postgres', database }), { asIs: true });
  try {
    return await takeDatabaseSnapshot(server, { deadlineMs: 30_000 });
  } finally {
    await server.stop();
  }
}

/** The same snapshot, as if its counters had counted for so many days. */
export const countedFor = (days: number, snapshot: DatabaseSnapshot): DatabaseSnapshot => ({
  ...snapshot,
  server: {
    ...snapshot.server,
    statisticsResetAt: new Date(Date.parse(snapshot.server.takenAt) - days * 86_400_000).toISOString(),
  },
});

/** What one check finds in a snapshot. It must have been made, and nothing may be more severe than the check. */
export function foundBy<C extends DatabaseCheck>(
  check: C,
  snapshot: DatabaseSnapshot,
): readonly Extract<DatabaseFinding, { code: ReturnType<C['run']>[number]['code'] }>[] {
  const { findings, unchecked } = runChecks([check], snapshot);
  if (unchecked.length > 0) throw new Error(`Not checked: ${JSON.stringify(unchecked)}`);
  const tooSevere = (findings as readonly Finding[]).find(
    ({ severity }) => SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(check.severity),
  );
  if (tooSevere) throw new Error(`More severe than its check: ${JSON.stringify(tooSevere)}`);
  return findings as never;
}

/** Runs the remedies of findings, word for word, after the queries that are their evidence. */
export async function mend(database: string, findings: readonly DatabaseFinding[]): Promise<void> {
  for (const { evidence, remedy, object } of findings) {
    if (remedy === null) throw new Error(`No remedy for ${object}.`);
    await run(database, evidence, ...remedy.statements);
  }
}

/** Undoes what {@link mend} did. */
export async function undo(database: string, findings: readonly DatabaseFinding[]): Promise<void> {
  for (const { remedy } of findings) await run(database, ...(remedy?.rollback ?? []));
}

/** Builds a fault, expects what a check says of it, and that its remedy silences the check and its rollback does not. */
export async function expectMended(
  check: DatabaseCheck,
  statements: readonly string[],
  expected: Readonly<Record<string, unknown>>,
): Promise<void> {
  const database = await databaseWith(...statements);
  const found = foundBy(check, await databaseSnapshot(database));
  expect(found).toEqual([expect.objectContaining(expected)]);
  await mend(database, found);
  expect(foundBy(check, await databaseSnapshot(database))).toEqual([]);
  if (found[0]!.remedy!.rollback.length === 0) return;
  await undo(database, found);
  expect(foundBy(check, await databaseSnapshot(database)).map(({ object }) => object)).toEqual([found[0]!.object]);
}

/** Builds what a person has to decide on, and expects what a check says of it, with evidence that can be run. */
export async function expectFound(
  check: DatabaseCheck,
  statements: readonly string[],
  ...expected: readonly Readonly<Record<string, unknown>>[]
): Promise<void> {
  const database = await databaseWith(...statements);
  const found = foundBy(check, await databaseSnapshot(database));
  expect(found).toEqual(expected.map((one) => expect.objectContaining(one)));
  for (const { evidence } of found) await run(database, evidence);
}

/** Builds something healthy, and expects silence. */
export async function expectSilence(check: DatabaseCheck, ...statements: readonly string[]): Promise<void> {
  const database = await databaseWith(...statements);
  expect(foundBy(check, await databaseSnapshot(database))).toEqual([]);
}

/** One statement with parameters, as an application sends it, so many times. */
export async function repeat(
  session: Session,
  times: number,
  text: string,
  parameters: (time: number) => readonly Parameter[] = () => [],
): Promise<void> {
  for (let time = 0; time < times; time++) await session.query(text, parameters(time));
}

/** Runs a workload as an application. */
export async function asApplication(database: string, work: (session: Session) => Promise<void>): Promise<void> {
  const session = await superuser(database, 'shop');
  await work(session);
  await session.query('SELECT pg_stat_force_next_flush()');
  await session.query('SELECT 1');
  await session.close();
}
