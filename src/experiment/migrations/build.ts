import type { ScriptOutcome, ScriptToRun } from '../../migrations/index.js';
import type { Session } from '../../postgres/index.js';
import { emptyDatabase } from './empty-database.js';
import { runScripts } from './run-scripts.js';

/** Where a history is built, and what is there before it. */
export interface Scratch {
  /** `auto`, `local`, `embedded`, `container`, or a URL. */
  readonly choice: string;
  /** What an application or its platform makes before the first migration. */
  readonly before: readonly ScriptToRun[];
}

export interface ToBuild {
  readonly before: readonly ScriptToRun[];
  readonly scripts: readonly ScriptToRun[];
  /** A statement that fails and may lack what it needs is left out. */
  readonly leaveOut?: boolean;
}

/** Empties a scratch database and builds it anew; stops at the first script that fails. */
export async function buildDatabase(
  session: Session,
  rolesBefore: ReadonlySet<string>,
  { before, scripts, leaveOut = false }: ToBuild,
): Promise<readonly ScriptOutcome[]> {
  await emptyDatabase(session, rolesBefore);
  const prepared = (await runScripts(session, before)).filter(hasFailed);
  return prepared.length > 0 ? prepared : runScripts(session, scripts, leaveOut);
}

export const hasFailed = ({ failure }: ScriptOutcome): boolean => failure !== null;
