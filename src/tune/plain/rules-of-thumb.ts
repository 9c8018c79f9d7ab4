import { indexKind, type SpecContext } from '../../indexes/index.js';
import { ask, type BuildRecord, type Search } from '../../results/index.js';
import type { IndexSpec } from '../../vocabulary.js';
import { hasTimeToBuild } from './in-time.js';
import { isAllowed, type Space } from './space.js';

/** An index on the whole table, whatever it was built for. */
export interface Built {
  readonly spec: IndexSpec;
  readonly build: BuildRecord;
}

/**
 * The IVFFlat indexes that guides tell people to build. Nobody expects one of them to win; but whoever followed a guide
 * has one, and wants to see what it gives. They are built in a small part of the time that a graph takes.
 */
export const rulesOfThumb = (context: SpecContext & { readonly rows: number }): readonly IndexSpec[] =>
  indexKind('ivfflat')
    .startingPoints(context.rows)
    .map(({ parameters }): IndexSpec => ({
      method: 'ivfflat',
      representation: 'vector',
      parameters: { ...parameters },
    }))
    .filter((spec) => isAllowed(spec, context));

/**
 * Builds each of the indexes; those that stood before are not built again, and one that fails is left out.
 *
 * @param reserved seconds that have to be left
 */
export function* buildRules(space: Space, reserved: number): Search<readonly Built[]> {
  const built: Built[] = [];
  for (const spec of space.rulesOfThumb) {
    if (!(yield* hasTimeToBuild(space, spec, reserved))) continue;
    const build = yield* ask('build', { spec, repeat: 0 });
    if (build.status === 'ok') built.push({ spec, build });
  }
  return built;
}
