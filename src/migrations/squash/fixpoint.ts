import { reduce } from './reductions.js';
import { commute, type Step, stepOf } from './step.js';

/**
 * Reduces steps until nothing can be reduced any more.
 *
 * For each step, the later ones that are about the same thing are tried in order. A pair is reduced where everything
 * between them can change places with one of the two: with the later one, so that the result takes the place of the
 * earlier; or else with the earlier one, so that it takes the place of the later. A step that swallows an earlier one stays
 * where it is: a drop takes more with it than it names. The list never becomes longer.
 */
export function reduceToFixpoint(steps: readonly Step[]): readonly Step[] {
  const list = [...steps];
  for (let changed = true; changed;) {
    changed = false;
    for (let index = 0; index < list.length; index++) {
      while (index < list.length && reduceAt(list, index)) changed = true;
    }
  }
  return list;
}

function reduceAt(list: Step[], index: number): boolean {
  const earlier = list[index]!;
  if (earlier.touched.all) return false;
  for (let other = index + 1; other < list.length; other++) {
    const later = list[other]!;
    if (later.touched.all) return false;
    if (!isRelated(earlier, later)) continue;
    const result = reduce(earlier, later);
    if (!result) continue;
    const between = list.slice(index + 1, other);
    const isSwallowed = result.length === 1 && result[0] === later.node;
    const atEarlier = !isSwallowed && between.every((step) => commute(step, later));
    if (!atEarlier && !(result.length < 2 && between.every((step) => commute(earlier, step)))) continue;
    const origins = [...new Set([...earlier.origins, ...later.origins])];
    // Of two steps, the earlier one is the one that was changed.
    const along = result.length === 2 ? earlier.along : null;
    const reduced = result.map((node) => sameOr(node, [earlier, later]) ?? stepOf(node, origins, { along }));
    list.splice(index, other - index + 1, ...(atEarlier ? [...reduced, ...between] : [...between, ...reduced]));
    return true;
  }
  return false;
}

/** Steps that share nothing that they change need not be tried. */
function isRelated(a: Step, b: Step): boolean {
  return !commute(a, b) || meets(a.touched.tables, b.touched.tables);
}

function meets(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const key of a) if (b.has(key)) return true;
  return false;
}

/** A step that only changed its place keeps its text. */
const sameOr = (node: Step['node'], steps: readonly Step[]): Step | undefined =>
  steps.find((step) => step.node === node);
