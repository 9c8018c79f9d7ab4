import type { ScriptOutcome, ScriptToRun } from '../../migrations/index.js';
import type { ServerContext } from '../../postgres/index.js';
import { buildDatabase, hasFailed, type Scratch } from './build.js';
import { emptyDatabase, roleNames } from './empty-database.js';
import { runScripts } from './run-scripts.js';
import { withScratchDatabase } from './scratch.js';
import { type WayBack, waysBack } from './ways-back.js';

/** How every migration went on an empty database. */
export interface HistoryTimes {
  readonly server: string;
  readonly up: readonly ScriptOutcome[];
  /** Of every migration, oldest first; empty where one fails on the way up. */
  readonly back: readonly WayBack[];
}

/**
 * Times a history on an empty database: up, and then down and up again, migration by migration.
 *
 * @param down the ways down, by revision
 */
export function timeHistory(
  { choice, before }: Scratch,
  context: ServerContext,
  up: readonly ScriptToRun[],
  down: ReadonlyMap<string, ScriptToRun>,
): Promise<HistoryTimes> {
  return withScratchDatabase(choice, context, async (session, server) => {
    const roles = await roleNames(session);
    const build = (scripts: readonly ScriptToRun[]) =>
      buildDatabase(session, roles, { before, scripts, leaveOut: true });
    try {
      const first = await build(up);
      const run = (scripts: readonly ScriptToRun[]) => runScripts(session, scripts, true);
      const back = first.some(hasFailed) ? [] : await waysBack(up, down, { build, run });
      return { server, up: first, back };
    } finally {
      await emptyDatabase(session, roles);
    }
  });
}
