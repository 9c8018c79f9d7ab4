import type { DatabaseSnapshot } from '../../../audit/index.js';
import { isUnread, unread } from '../../../findings.js';
import { readOnly, type Server, type Session } from '../../../postgres/index.js';
import { serverMachine } from '../server-machine.js';
import {
  readActivity,
  readCheckpoints,
  readDatabases,
  readHorizons,
  readSessions,
  readSlots,
  readStandbys,
} from './activity.js';
import { readCheckConstraints, readColumnStatistics, readSequences } from './constraints.js';
import { readForeignKeys } from './foreign-keys.js';
import { readIndexes, readIndexesInBuild } from './indexes.js';
import { readPlans } from './plans.js';
import { readAsNobodyElse } from './read-as-nobody-else.js';
import { withSearchRewrites } from './search-rewrites.js';
import { readServer, readWordBits } from './server.js';
import { readPgvector, readSettings, readVectorSettings } from './settings.js';
import { readStatements } from './statements.js';
import { readColumns, readTables } from './tables.js';
import { readVectorSamples } from './vector-samples.js';

/**
 * Reads everything that the checks of a database look at, in one read-only transaction; searches for vectors are planned,
 * and a few vectors read, in others behind it. Nothing is created, analysed or reset, and the only locks are those of reading.
 *
 * @param server opened as it is (`asIs`)
 * @param options.deadlineMs what one query may take
 * @throws {PgvtuneError} `server` when it cannot be reached, a query fails or takes too long; `interrupted`
 */
export async function takeDatabaseSnapshot(
  server: Server,
  options: { readonly deadlineMs: number },
): Promise<DatabaseSnapshot> {
  const session = await server.connect('audit');
  try {
    const catalog = await readOnly(session, options, () => readCatalog(session, server.label));
    const workload = await withSearchRewrites(session, catalog, options.deadlineMs);
    const vectorSamples = await readVectorSamples(session, catalog, options.deadlineMs);
    const machine = await serverMachine(server, session.backendPid);
    return { ...catalog, workload, vectorSamples, memoryBytes: machine?.memoryBytes ?? unread('machine-not-visible') };
  } finally {
    await session.close();
  }
}

async function readCatalog(
  session: Session,
  label: string,
): Promise<Omit<DatabaseSnapshot, 'memoryBytes' | 'vectorSamples'>> {
  await readAsNobodyElse(session);
  const statements = await readStatements(session);
  const { seesSessions, ...watched } = await readWatchedParts(session, label);
  const catalog = {
    ...watched,
    columns: await readColumns(session),
    foreignKeys: await readForeignKeys(session),
    checkConstraints: await readCheckConstraints(session),
    sequences: await readSequences(session),
    columnStatistics: await readColumnStatistics(session),
    statements,
    statementSource: sourceOf(statements),
    measured: unread('not-measured'),
    tuned: unread('not-tuned'),
    log: unread('no-log'),
    loops: unread('no-log'),
    indexesInBuild: await readIndexesInBuild(session, seesSessions),
  };
  return { ...catalog, workload: await readPlans(session, catalog) };
}

/** The parts of a snapshot that also monitoring looks at. Inside of a transaction. */
export async function readWatchedParts(session: Session, label: string) {
  const { facts, seesSessions } = await readServer(session, label);
  return {
    seesSessions,
    server: facts,
    tables: await readTables(session),
    indexes: await readIndexes(session),
    settings: await readSettings(session),
    vectorSettings: await readVectorSettings(session),
    pgvector: await readPgvector(session),
    wordBits: await readWordBits(session),
    activity: await readActivity(session),
    checkpoints: await readCheckpoints(session),
    databases: await readDatabases(session),
    sessions: await readSessions(session, seesSessions),
    horizons: await readHorizons(session, seesSessions),
    slots: await readSlots(session),
    standbys: await readStandbys(session, seesSessions),
  };
}

function sourceOf(statements: DatabaseSnapshot['statements']): DatabaseSnapshot['statementSource'] {
  if (!isUnread(statements) || statements.unread.endsWith('hidden')) return 'ready';
  return statements.unread === 'no-statement-statistics' ? 'not-installed' : 'not-loaded';
}
