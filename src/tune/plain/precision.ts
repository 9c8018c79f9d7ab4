import { shortHash } from '../../canonical-json.js';
import { indexKind, isReranked } from '../../indexes/index.js';
import type { IndexSpec } from '../../vocabulary.js';
import { indexBytes } from '../common/constraints.js';
import { predictedBytes, predictedTableBytes } from './prior.js';
import { burdenOf } from './recommend.js';
import type { Space } from './space.js';
import type { Screened } from './subset.js';

/*
 * Half precision has nearly the same graph as full precision: what a subset shows of build parameters in one holds in the
 * other. So on all rows an index is built in one of them.
 */

/** The same indexes, of each method all in the precision that takes less where a subset compared the two. */
export function inOnePrecision(space: Space, screened: readonly Screened[]): readonly Screened[] {
  const changes = pairsOf(screened).map((pair) => {
    const [less, more] = pair.toSorted((a, b) => burdenOn(space, a) - burdenOn(space, b)) as [Screened, Screened];
    return { less, more, factor: less.ratio / more.ratio };
  });
  const known = new Set(screened.map(({ family }) => shortHash(family.spec)));
  return screened.flatMap((one): readonly Screened[] => {
    const { spec } = one.family;
    const change = changes.find(
      ({ more }) => more.family.spec.method === spec.method && isStoredAs(spec, more.family.spec),
    );
    if (!change) return [one];
    const twin = shortHash(storedAs(spec, change.less.family.spec));
    if (known.has(twin)) return [];
    const family = space.families.find((other) => shortHash(other.spec) === twin);
    return family ? [{ ...one, family, ratio: one.ratio * change.factor }] : [one];
  });
}

/** Indexes that differ in their precision alone. Whatever is reranked keeps too little to be another's twin. */
function pairsOf(screened: readonly Screened[]): readonly (readonly [Screened, Screened])[] {
  const whole = screened.filter(({ family, ratio }) => !isReranked(family.spec) && ratio !== Infinity);
  return whole.flatMap((one, i) =>
    whole
      .slice(i + 1)
      .filter(({ family }) => shortHash(storedAs(family.spec, one.family.spec)) === shortHash(one.family.spec))
      .map((other) => [one, other] as const),
  );
}

const isStoredAs = (a: IndexSpec, b: IndexSpec): boolean => a.representation === b.representation;

const storedAs = (spec: IndexSpec, { representation }: IndexSpec): IndexSpec => ({ ...spec, representation });

/** As on all rows: the work is the ratio, the build takes as much longer as there are more rows. */
export function burdenOn(space: Space, { family, explored: { build }, ratio }: Screened): number {
  const share = (build.request.rows ?? space.rows) / space.rows;
  const upkeep = {
    buffers: ratio,
    indexBytes:
      indexKind(family.spec.method).model === null ? indexBytes(build) / share : predictedBytes(family.spec, space),
    buildSeconds: build.seconds / share,
  };
  return burdenOf(upkeep, predictedTableBytes(space));
}
