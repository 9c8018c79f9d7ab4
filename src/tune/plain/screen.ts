import { shortHash } from '../../canonical-json.js';
import { describeRepresentation, indexKind } from '../../indexes/index.js';
import type { Search } from '../../results/index.js';
import { hasTime } from '../common/budget.js';
import { predictedRatio } from './prior.js';
import type { Split } from './split.js';
import type { Family, Space } from './space.js';
import { openSubset, type Reference, type Screened } from './subset.js';

export interface Screening {
  /** Rows that were built on; null: nothing was. */
  readonly rows: number | null;
  /** Recall at which the indexes were compared. */
  readonly recall: number;
  readonly screened: readonly Screened[];
}

/** Indexes of the control's kind that are built on a subset beside it, at least. */
const LEAST_RELATIVES = 3;
/** Indexes of another kind than the control's that are built on a subset. */
const MOST_OTHERS = 3;
/** A method whose most usual index takes this many times that of another is not looked at further. */
const FAR = 2;
/**
 * A control that reaches the search recall with fewer candidates than this many times k works near the least that returns k rows:
 * there a sparser graph saves work, and a denser one none.
 */
const CROWDED = 2;

/**
 * Compares indexes on a random subset of the rows.
 *
 * Each method is looked at once. Where that leaves open which is better, the indexes beside the control are compared,
 * and those beside the best of them, one step in one build parameter at a time. What a model tells is not built.
 */
export function* screen(
  space: Space,
  {
    control,
    reference,
    searchRecall,
    split,
    share,
    budget,
    reserved,
  }: {
    readonly control: Family;
    readonly reference: Reference | undefined;
    readonly searchRecall: number;
    readonly split: Split;
    readonly share: number;
    /** Builds on all rows that the comparison may come to. */
    readonly budget: number;
    /** Seconds that are kept for what comes after it, where the time is bounded. */
    readonly reserved: number;
  },
): Search<Screening> {
  const others = space.families.filter(({ spec }) => shortHash(spec) !== shortHash(control.spec));
  if (!reference || others.length === 0) return { rows: null, recall: searchRecall, screened: [] };
  const rows = Math.round(space.rows * share);
  const { budget: time } = space;
  const first = time?.buildSeconds({ spec: control.spec, repeat: 0, rows }) ?? 0;
  if (!hasTime(time, 2 * first, reserved)) {
    const leftSeconds = Math.max(0, (time?.left() ?? Infinity) - reserved);
    time?.omit({ code: 'subset-comparison', data: { seconds: 2 * first, leftSeconds } });
    return { rows: null, recall: searchRecall, screened: [] };
  }
  const subset = yield* openSubset(space, { control, reference, searchRecall, split, share });
  if (!subset) return { rows, recall: searchRecall, screened: [] };
  const { spent } = subset;
  const screened: Screened[] = [subset.control];
  const cheapest = (): Screened => screened.reduce((a, b) => (b.ratio < a.ratio ? b : a));
  const goal = space.target.minimise;
  const crowded = reference.value < CROWDED * space.workload.k;

  function* compare(family: Family): Search<Screened> {
    const { spec } = family;
    const seconds = time?.buildSeconds({ spec, repeat: 0, rows }) ?? 0;
    if (time && !hasTime(time, seconds, reserved)) {
      const leftSeconds = Math.max(0, time.left() - reserved);
      time.omit({ code: 'subset-build', data: { spec, seconds, leftSeconds } });
      return { ...subset!.control, family, ratio: Infinity };
    }
    const result = yield* subset!.compare(family);
    screened.push(result);
    return result;
  }

  /**
   * Goes from an index to a neighbour for as long as that is better: on in the direction of the last step, else where
   * the prior points to (more of each parameter, but in a crowd less of the first, which says how dense the index is),
   * else anywhere.
   */
  function* climb(start: Screened, group: readonly Family[], budget: number): Search<void> {
    const seen = new Set([shortHash(start.family.spec)]);
    const all = Object.keys(start.family.spec.parameters).flatMap((parameter) =>
      [true, false].map((up): Direction => ({ parameter, up })),
    );
    const [first] = all;
    const promising = all.filter(({ parameter, up }) => up !== (crowded && parameter === first?.parameter));
    let best: Step = { to: start, along: [] };
    for (;;) {
      const from = best.to;
      for (const directions of [best.along, promising, all]) {
        for (const direction of directions) {
          const family = neighbour(from.family, group, direction);
          if (!family || seen.has(shortHash(family.spec)) || spent() + share > budget) continue;
          seen.add(shortHash(family.spec));
          const to = yield* compare(family);
          if (to.ratio < best.to.ratio) best = { to, along: [direction] };
        }
        if (best.to !== from) break;
      }
      if (best.to === from) return;
    }
  }

  const groupOf = ({ spec }: Family): string => `${spec.method} ${describeRepresentation(spec)}`;
  const groups = new Map<string, Family[]>();
  for (const family of others) groups.set(groupOf(family), [...(groups.get(groupOf(family)) ?? []), family]);
  const own = groups.get(groupOf(control)) ?? [];
  groups.delete(groupOf(control));
  const usual = control.spec;
  const storesAlike = ([first]: readonly Family[]): boolean => first?.spec.representation === usual.representation;
  const methods = [...groups.values()].filter(storesAlike);
  const quantised = new Set(
    [...groups.values()]
      .filter((group) => !storesAlike(group))
      .flatMap(([first]) => (first ? describeRepresentation(first.spec) : [])),
  );
  // One look at each method first: beside one that is far better, the parameters of another do not matter.
  for (const group of methods) {
    const first = yield* compare(mostUsual(group, space.rows));
    if (indexKind(first.family.spec.method).isModelled || first.ratio > FAR) continue;
    yield* climb(first, group, spent() + share * (MOST_OTHERS - 1));
  }
  if (cheapest().ratio * FAR >= 1) {
    yield* climb(subset.control, own, Math.max(budget - share * quantised.size, spent() + share * LEAST_RELATIVES));
  }
  // What is best as it is stored is tried with every other representation.
  const best = cheapest().family.spec;
  for (const group of groups.values()) {
    if (storesAlike(group) || group[0]?.spec.method !== best.method) continue;
    const like = group.find(({ spec }) => shortHash(spec.parameters) === shortHash(best.parameters));
    const one = like ?? mostUsual(group, space.rows);
    // Where a model expects no fewer buffers, there is nothing to be gained by storing less.
    const options = { other: best, value: reference.value, size: space, k: space.workload.k };
    const isModelled = indexKind(one.spec.method).model !== null;
    if (goal === 'buffers' && isModelled && predictedRatio(one.spec, options) >= 1) continue;
    yield* compare(one);
  }
  yield* subset.close();
  return { rows: subset.rows, recall: subset.recall, screened };
}

/** The index that is nearest to what its method is most often built with. */
function mostUsual(group: readonly Family[], rows: number): Family {
  const [{ spec }] = group as readonly [Family, ...Family[]];
  const usual = { spec: { ...spec, parameters: { ...indexKind(spec.method).candidates(rows)[0] } }, knobValues: null };
  const distance = (family: Family): number =>
    Object.keys(usual.spec.parameters).reduce((sum, name) => sum + Math.abs(apart(family, usual, name)), 0);
  return group.reduce((a, b) => (distance(b) < distance(a) ? b : a));
}

interface Direction {
  readonly parameter: string;
  readonly up: boolean;
}

interface Step {
  readonly to: Screened;
  readonly along: readonly Direction[];
}

/** The nearest index with more or less of one parameter, and as much of the others as can be. */
function neighbour(from: Family, group: readonly Family[], { parameter, up }: Direction): Family | undefined {
  const distance = (to: Family): number =>
    4 * Math.abs(apart(to, from, parameter)) +
    Object.keys(from.spec.parameters)
      .filter((name) => name !== parameter)
      .reduce((sum, name) => sum + Math.abs(apart(to, from, name)), 0);
  return group
    .filter((to) => (up ? apart(to, from, parameter) > 0 : apart(to, from, parameter) < 0))
    .toSorted((a, b) => distance(a) - distance(b))[0];
}

/** Doublings from one value of a parameter to another. */
function apart(to: Family, from: Family, parameter: string): number {
  const [a, b] = [to, from].map(({ spec }) => spec.parameters[parameter] ?? 1) as [number | string, number | string];
  if (typeof a === 'number' && typeof b === 'number' && a > 0 && b > 0) return Math.log2(a / b);
  // Of words and of numbers that stand for a default, there is one step.
  return a === b ? 0 : a > b ? 1 : -1;
}
