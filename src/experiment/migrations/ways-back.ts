import type { ScriptOutcome, ScriptToRun } from '../../migrations/index.js';
import { hasFailed } from './build.js';

/** How a migration was taken back and made again. */
export interface WayBack {
  readonly revision: string;
  /** Null where it has no way down. */
  readonly down: ScriptOutcome | null;
  /** Null where it did not go down. */
  readonly upAgain: ScriptOutcome | null;
}

type Outcomes = Promise<readonly ScriptOutcome[]>;

/** What is done with the database. Both stop at the first script that fails. */
interface Steps {
  /** Makes an empty database and runs the scripts on it. */
  readonly build: (scripts: readonly ScriptToRun[]) => Outcomes;
  readonly run: (scripts: readonly ScriptToRun[]) => Outcomes;
}

/**
 * Takes every migration that has a way down back and makes it again. Neighbours go down together, newest first, and then
 * up. Where one has no way down or fails, the others are tried on a database that is built up to them: so every outcome is
 * that migration's own.
 *
 * @param up all of them, which the database has
 */
export async function waysBack(
  up: readonly ScriptToRun[],
  down: ReadonlyMap<string, ScriptToRun>,
  { build, run }: Steps,
): Promise<readonly WayBack[]> {
  const back: WayBack[] = up.map(({ revision }) => ({ revision, down: null, upAgain: null }));
  let isUsed = false;
  /** Of those from `low` up to but not including `high`. */
  const thereAndBack = async (low: number, high: number): Promise<void> => {
    if (low >= high) return;
    if (isUsed) await build(up.slice(0, high));
    isUsed = true;
    const downs = await run(
      up
        .slice(low, high)
        .toReversed()
        .map(({ revision }) => down.get(revision)!),
    );
    const lowest = high - downs.filter((outcome) => !hasFailed(outcome)).length;
    const ups = await run(up.slice(lowest, high));
    for (const [step, outcome] of downs.entries()) {
      const at = high - 1 - step;
      back[at] = { revision: up[at]!.revision, down: outcome, upAgain: ups[at - lowest] ?? null };
    }
    if (ups.some(hasFailed)) await thereAndBack(lowest + ups.length, high);
    if (downs.some(hasFailed)) await thereAndBack(low, lowest - 1);
  };
  for (let high = up.length; high > 0;) {
    let low = high;
    while (low > 0 && down.has(up[low - 1]!.revision)) low--;
    await thereAndBack(low, high);
    high = low - 1;
  }
  return back;
}
