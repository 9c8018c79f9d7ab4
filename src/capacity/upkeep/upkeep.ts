import type { ChurnRecord, ChurnState, Estimate } from '../../results/index.js';

/** A figure that wears, before and after. */
export interface Wear {
  readonly figure: 'recall' | 'buffers' | 'indexBytes';
  readonly before: number;
  readonly after: number;
  /** In the unit of {@link WORN}; negative where nothing was lost. */
  readonly loss: number;
  /** The intervals do not meet; sizes are exact. */
  readonly isShown: boolean;
}

/** What an act of upkeep gave back, and from when on it is due. */
export interface Upkeep {
  readonly seconds: number;
  readonly wear: readonly Wear[];
  /**
   * Changed rows, as a share of those at the start, at which the first figure passes its limit: on a straight line from
   * nothing to what was measured. Null where no figure is shown to pass it.
   */
  readonly dueAtShare: number | null;
}

export interface UpkeepPlan {
  readonly record: ChurnRecord;
  readonly built: ChurnState;
  /** After the last round. */
  readonly worn: ChurnState;
  /** Changed rows over the rows at the start. */
  readonly changedShare: number;
  /** Changes a second that one connection made with the index in place. */
  readonly changesPerSecond: number;
  readonly vacuum: Upkeep;
  /** What VACUUM does not give back, and a new index does. */
  readonly reindex: Upkeep;
}

/** What is called worn: a recall lower by this much, pages or size more by this share. */
export const WORN = { recall: 0.01, buffers: 0.1, indexBytes: 0.2 } as const;

/** What follows from the states of an index under changes; null for a record that was cut short. */
export function upkeepPlan(record: ChurnRecord): UpkeepPlan | null {
  const { states, startRows } = record;
  const [built] = states;
  const worn = states.findLast(({ after }) => after.kind === 'changes');
  const vacuumed = states.find(({ after }) => after.kind === 'vacuum');
  const renewed = states.find(({ after }) => after.kind === 'reindex');
  if (!built || !worn || !vacuumed || !renewed) return null;
  const changedShare = worn.changed / startRows;
  const rounds = states.flatMap(({ after }) => (after.kind === 'changes' ? [after] : []));
  const seconds = rounds.reduce((sum, round) => sum + round.seconds, 0);
  return {
    record,
    built,
    worn,
    changedShare,
    changesPerSecond: worn.changed / seconds,
    vacuum: upkeep(vacuumed, worn, changedShare),
    reindex: upkeep(renewed, vacuumed, changedShare),
  };
}

function upkeep(after: ChurnState, before: ChurnState, changedShare: number): Upkeep {
  const figures = [
    ...wearOf('recall', after.searches?.recall, before.searches?.recall),
    ...wearOf('buffers', after.searches?.buffers, before.searches?.buffers),
    wear('indexBytes', { before: after.indexBytes, after: before.indexBytes, isShown: true }),
  ];
  const due = figures
    .filter(({ isShown }) => isShown)
    .flatMap((each) => {
      const share = each.loss / WORN[each.figure];
      return share >= 1 ? [changedShare / share] : [];
    });
  const seconds = 'seconds' in after.after ? after.after.seconds : 0;
  return { seconds, wear: figures, dueAtShare: due.length === 0 ? null : Math.min(...due) };
}

const wear = (
  figure: Wear['figure'],
  { before, after, isShown }: Pick<Wear, 'before' | 'after' | 'isShown'>,
): Wear => ({
  figure,
  before,
  after,
  loss: figure === 'recall' ? before - after : after / before - 1,
  isShown,
});

/** @param fresh after the act of upkeep @param worn before it */
function wearOf(figure: Wear['figure'], fresh: Estimate | undefined, worn: Estimate | undefined): Wear[] {
  if (!fresh || !worn) return [];
  const [lower, upper] = fresh.value < worn.value ? [fresh, worn] : [worn, fresh];
  const isShown = (lower.high ?? Infinity) < (upper.low ?? -Infinity);
  return [wear(figure, { before: fresh.value, after: worn.value, isShown })];
}
