import type { CostAhead, Place } from '../../progress.js';
import type { MeasurementAsk, Search } from '../../results/index.js';
import type { Heard } from '../common/remember.js';

/** A part of a search, and what is known of its time before it has begun. */
export interface AgendaItem {
  /** Tells whether a question is of this part; the parts come in order, and any of them may be left out. */
  readonly name: string;
  /** Seconds that it will probably take, by what was heard so far. */
  readonly prior: () => number;
  /** Parts of one kind take about as long as one another, for their size; absent: there is no other such part. */
  readonly alike?: { readonly kind: string; readonly size: number };
}

/** What is left of a part that has taken as long as it was expected to: this share of it. */
const LEAST_LEFT = 0.15;

/**
 * The same search, which says with every question how long the run will probably go on: the parts that are still to come, by
 * what others of their kind took, else by what is known of them beforehand. The times are those of the records, so that a run
 * that is resumed expects the same.
 *
 * @param options.budgetSeconds of the whole run; null: it takes as long as it does
 * @param options.costAhead what it will cost: said with the first question, and once more after a build that was made to know
 */
export function* withOutlook<Answer>(
  search: Search<Answer>,
  agenda: readonly AgendaItem[],
  {
    heard,
    budgetSeconds,
    costAhead = () => null,
  }: {
    readonly heard: Heard;
    readonly budgetSeconds: number | null;
    readonly costAhead?: (seconds: number) => CostAhead | null;
  },
): Search<Answer> {
  const taken = new Map<string, { seconds: number; size: number }>();
  let current = -1;
  let begun = 0;
  const enter = (name: string): void => {
    if (agenda[current]?.name === name) return;
    const next = agenda.findIndex((item, i) => i > current && item.name === name);
    if (next === -1) return;
    const alike = agenda[current]?.alike;
    if (alike) {
      const { seconds, size } = taken.get(alike.kind) ?? { seconds: 0, size: 0 };
      taken.set(alike.kind, { seconds: seconds + heard.spentSeconds - begun, size: size + alike.size });
    }
    current = next;
    begun = heard.spentSeconds;
  };
  const secondsOf = ({ alike, prior }: AgendaItem): number => {
    const others = alike && taken.get(alike.kind);
    return others ? (others.seconds / others.size) * alike.size : prior();
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
  let isNews = true;
  while (!step.done) {
    const asked = step.value;
    if (asked.kind === 'release') {
      step = search.next(yield asked);
      continue;
    }
    if (asked.at) enter(nameOf(asked, asked.at));
    const expectedSeconds = expected();
    const ahead = isNews ? costAhead(expectedSeconds) : null;
    // A search that is nowhere yet asks only how long it will take.
    isNews = !asked.at;
    step = search.next(yield { ...asked, expectedSeconds, ...(ahead ? { ahead } : {}) });
  }
  return step.value;
}

/** What the part of the agenda is called that a question belongs to. */
function nameOf(asked: MeasurementAsk, { code, data }: Place): string {
  switch (code) {
    case 'plain':
      // The last step is made of questions that have little in common.
      return `plain ${data.step === 'finish' ? nameAtEnd(asked) : data.step}`;
    case 'filtered':
      return `filtered ${data.number}`;
    case 'hybrid':
      return `hybrid ${data.strategy?.name ?? ''}`;
    case 'configuration':
      return code;
  }
}

function nameAtEnd({ kind, requests }: MeasurementAsk): string {
  const [first] = requests;
  if (kind !== 'throughput' || !first || !('mode' in first)) return kind;
  const { mode } = first;
  return `load ${mode.kind === 'closed' ? mode.concurrency : mode.connections}`;
}
