import {
  type CatalogDifference,
  compareCatalogs,
  type ScriptToRun,
  type StatementFailure,
} from '../../migrations/index.js';
import type { ServerContext, Session } from '../../postgres/index.js';
import { buildDatabase, hasFailed, type Scratch, type ToBuild } from './build.js';
import { readCatalog } from './catalog.js';
import { emptyDatabase, roleNames } from './empty-database.js';
import { withScratchDatabase } from './scratch.js';

/** Two ways to build a database, compared. */
export interface SquashProof {
  /** Where it was built. */
  readonly server: string;
  readonly history: Built;
  readonly squashed: Built;
  /** Objects that were compared. */
  readonly objects: number;
  /** Null where one of the two could not be built. */
  readonly differences: readonly CatalogDifference[] | null;
}

export interface Built {
  readonly ms: number;
  readonly statements: number;
  /** Where it stopped; null where everything ran. */
  readonly failure: StatementFailure | null;
  /** Statements that were left out, because they lacked what only something without SQL would have made. */
  readonly leftOut: readonly StatementFailure[];
}

/** Builds a database by the history and again by its squashed form, and compares the catalogs. */
export function proveSquash(
  { choice, before }: Scratch,
  context: ServerContext,
  history: readonly ScriptToRun[],
  squashed: readonly ScriptToRun[],
): Promise<SquashProof> {
  return withScratchDatabase(choice, context, async (session, server) => {
    const roles = await roleNames(session);
    try {
      const first = await build(session, roles, { before, scripts: history, leaveOut: true });
      const second = await build(session, roles, { before, scripts: squashed, leaveOut: true });
      const isKnown = ({ place }: StatementFailure): boolean =>
        first.built.leftOut.some((other) => other.place.file === place.file && other.place.line === place.line);
      // What ran in the history has to run in the squashed form.
      const failure = second.built.failure ?? second.built.leftOut.find((one) => !isKnown(one)) ?? null;
      const differences = first.built.failure || failure ? null : compareCatalogs(first.catalog, second.catalog);
      return {
        server,
        history: first.built,
        squashed: { ...second.built, failure },
        objects: first.catalog.length,
        differences,
      };
    } finally {
      await emptyDatabase(session, roles);
    }
  });
}

async function build(session: Session, roles: ReadonlySet<string>, toBuild: ToBuild) {
  const outcomes = await buildDatabase(session, roles, toBuild);
  const built: Built = {
    ms: outcomes.reduce((sum, { ms }) => sum + ms, 0),
    statements: toBuild.scripts.reduce((sum, { statements }) => sum + statements.length, 0),
    failure: outcomes.find(hasFailed)?.failure ?? null,
    leftOut: outcomes.flatMap(({ leftOut }) => leftOut),
  };
  return { built, catalog: built.failure ? [] : await readCatalog(session) };
}

/** What differs between the history, built on a scratch database, and a database in use; that one is only read. */
export async function compareWithLive(
  { choice, before }: Scratch,
  context: ServerContext,
  history: readonly ScriptToRun[],
  live: Session,
): Promise<Omit<SquashProof, 'squashed'>> {
  const catalog = await readCatalog(live);
  return withScratchDatabase(choice, context, async (session, server) => {
    const roles = await roleNames(session);
    try {
      const { built, catalog: expected } = await build(session, roles, { before, scripts: history });
      return {
        server,
        history: built,
        objects: expected.length,
        differences: built.failure ? null : compareCatalogs(expected, catalog),
      };
    } finally {
      await emptyDatabase(session, roles);
    }
  });
}
