import type { Random } from '../../random.js';
import type { ChurnRequest } from '../../results/index.js';

/** Changes of one transaction. Ids are those of the table under churn, sources the dataset's rows. */
export interface Changes {
  /** Rows that come, with the id of their source. */
  readonly insert: readonly number[];
  /** Rows whose vector becomes that of `source`. */
  readonly update: readonly { readonly id: number; readonly source: number }[];
  readonly delete: readonly number[];
}

export interface ChurnPlan {
  /** Rows of the dataset that the table begins with. */
  readonly start: readonly number[];
  /** Of each round, in transactions. */
  readonly rounds: readonly (readonly Changes[])[];
}

/** Rows of one transaction. */
const BATCH = 50;

/** Rows at the start, so that enough are left to insert and to update with. */
export function startRows(rows: number, { rounds, turnover, mix }: ChurnRequest): number {
  return Math.floor(rows / (1 + rounds * turnover * (mix.insert + mix.update)));
}

/**
 * Draws all changes beforehand. A vector enters the table once: what is inserted, or put in another's place, was held back.
 * Rows are updated and deleted at random among those that are there.
 *
 * @param order all rows of the dataset, in the order in which they come
 */
export function planChanges(order: readonly number[], request: ChurnRequest, random: Random): ChurnPlan {
  const start = order.slice(0, startRows(order.length, request));
  const coming = order.slice(start.length).values();
  const present = [...start];
  const changesOfRound = Math.round(start.length * request.turnover);
  const rounds = Array.from({ length: request.rounds }, () => {
    const batches: Changes[] = [];
    for (let done = 0; done < changesOfRound; done += BATCH) {
      batches.push(drawBatch(Math.min(BATCH, changesOfRound - done), { coming, present, mix: request.mix, random }));
    }
    return batches;
  });
  return { start, rounds };
}

function drawBatch(
  size: number,
  {
    coming,
    present,
    mix,
    random,
  }: {
    readonly coming: Iterator<number, undefined>;
    readonly present: number[];
    readonly mix: ChurnRequest['mix'];
    readonly random: Random;
  },
): Changes {
  const insert: number[] = [];
  const update: { id: number; source: number }[] = [];
  const gone: number[] = [];
  const touched = new Set<number>();
  for (let i = 0; i < size; i++) {
    const draw = random.next();
    if (draw < mix.insert) {
      const source = coming.next().value;
      if (source !== undefined) insert.push(source);
      continue;
    }
    const place = random.int(present.length);
    const id = present[place]!;
    // A row is changed once in a transaction.
    if (touched.has(id)) continue;
    touched.add(id);
    if (draw < mix.insert + mix.update) {
      const source = coming.next().value;
      if (source !== undefined) update.push({ id, source });
    } else if (present.length > 1) {
      present[place] = present.at(-1)!;
      present.pop();
      gone.push(id);
    }
  }
  present.push(...insert);
  return { insert, update, delete: gone };
}
