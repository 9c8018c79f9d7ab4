import type { Place } from '../../progress.js';
import type { Search } from '../../results/index.js';
import type { Heard } from '../shared/remember.js';

/** A part of a search, and what is known of its time before it has begun. */
export interface AgendaItem {
  /** Tells whether a place is this part; the parts come in order, and any of them may be left out. */
  readonly name: string;
  /** Seconds that it will probably take, by what was heard so far. */
  readonly prior: () => number;
  /** Parts of one kind take about as long as one another; null: there is no other such part. */
  readonly kind: string | null;
}

/** What is left of a part that has taken as long as it was expected to: this share of it. */
const LEAST_LEFT = 0.15;

/** Seconds that have to pass before what was expected wrongly so far corrects what is expected of the rest by half. */
const TRUST_SECONDS = 10;

/**
 * The same search, which says with every question how long the run will probably go on: the parts that are still to come, by
 * what others of their kind took, else by what is known of them beforehand. The times are those of the records, so that a run
 * that is resumed expects the same.
 *
 * @param options.budgetSeconds of the whole run; null: it takes as long as it does
 */
export function* withOutlook<Answer>(
  search: Search<Answer>,
  agenda: readonly AgendaItem[],
  { heard, budgetSeconds }: { readonly heard: Heard; readonly budgetSeconds: number | null },
): Search<Answer> {
  const taken = new Map<string, { seconds: number; parts: number }>();
  const known = { expected: 0, seconds: 0 };
  let expectedOfCurrent = 0;
  let current = -1;
  let begun = 0;
  const enter = (place: Place): void => {
    const name = nameOf(place);
    if (agenda[current]?.name === name) return;
    const next = agenda.findIndex((item, i) => i > current && item.name === name);
    if (next === -1) return;
    const kind = agenda[current]?.kind;
    if (kind === null) {
      known.expected += expectedOfCurrent;
      known.seconds += heard.spentSeconds - begun;
    } else if (kind !== undefined) {
      const { seconds, parts } = taken.get(kind) ?? { seconds: 0, parts: 0 };
      taken.set(kind, { seconds: seconds + heard.spentSeconds - begun, parts: parts + 1 });
    }
    current = next;
    expectedOfCurrent = agenda[next]!.prior();
    begun = heard.spentSeconds;
  };
  const secondsOf = ({ kind, prior }: AgendaItem): number => {
    const alike = kind === null ? undefined : taken.get(kind);
    if (alike) return alike.seconds / alike.parts;
    // A busy machine is as slow with what comes as with what was.
    const drift = (known.seconds + TRUST_SECONDS) / (known.expected + TRUST_SECONDS);
    return prior() * drift;
  };
  const expected = (): number => {
    const seconds = agenda.slice(Math.max(0, current)).reduce((sum, item, i) => {
      const whole = secondsOf(item);
      const done = i === 0 && current >= 0 ? heard.spentSeconds - begun : 0;
      return sum + Math.max(LEAST_LEFT * whole, whole - done);
    }, 0);
    return budgetSeconds === null ? seconds : Math.min(seconds, Math.max(0, budgetSeconds - heard.spentSeconds));
  };

  let step = search.next();
  while (!step.done) {
    const asked = step.value;
    if (asked.kind !== 'release' && asked.at) enter(asked.at);
    step = search.next(yield asked.kind === 'release' ? asked : { ...asked, expectedSeconds: expected() });
  }
  return step.value;
}

/** What a part of the agenda is called that a place belongs to. */
export function nameOf({ code, data }: Place): string {
  switch (code) {
    case 'plain':
      return `plain ${data.step}`;
    case 'filtered':
      return `filtered ${data.number}`;
    case 'hybrid':
      return `hybrid ${data.strategy?.name ?? ''}`;
    case 'configuration':
      return code;
  }
}
