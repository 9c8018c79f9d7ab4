import { availableParallelism } from 'node:os';
import type { Dataset } from '../datasets/index.js';
import { PgvtuneError } from '../errors.js';
import { collectTruth } from './collect-truth.js';
import { planScans, type Question } from './plan.js';
import { startThreads, useThisThread } from './team.js';
import type { Truth } from './truth.js';

export interface ComputeOptions {
  /** Worker threads; 0 computes on the calling thread. Default: one for each core, 0 for small work. */
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Base rows compared so far, and their number. */
  readonly onProgress?: ((rowsDone: number, rowsTotal: number) => void) | undefined;
}

/** Multiplications that are done sooner than threads are started. */
const SMALL_WORK = 2e9;

export const interruption = (): PgvtuneError =>
  new PgvtuneError('interrupted', 'Computing the exact neighbours was interrupted.');

/**
 * Streams the base once past all queries. Memory holds the queries, a few blocks and the answers, whatever the number of
 * rows.
 *
 * @throws {PgvtuneError} `interrupted` when `signal` was aborted; `environment` when a thread fails
 */
export async function computeTruth(dataset: Dataset, question: Question, options: ComputeOptions): Promise<Truth> {
  const { rows, dimensions } = dataset.manifest;
  const { metric, k, queries } = question;
  const { signal, onProgress } = options;
  if (signal?.aborted) throw interruption();

  const small = rows * dimensions * queries.length <= SMALL_WORK;
  const workers = options.workers ?? (small ? 0 : availableParallelism());
  const { tasks, slots, slotRows, write } = planScans(rows, dataset.queries, question, Math.max(1, workers));
  const team = workers > 0 ? startThreads(tasks) : useThisThread(tasks[0]!);
  const stop = (): void => void team.stop(interruption());
  signal?.addEventListener('abort', stop);
  try {
    const busy: Promise<void>[] = [];
    let filled = 0;
    for await (const block of dataset.blocks(slotRows)) {
      for (let first = 0; first < block.rows; first += slotRows) {
        const slot = filled++ % slots.length;
        await busy[slot];
        if (signal?.aborted) throw interruption();
        const address = slots[slot]!;
        const start = block.start + first;
        const count = Math.min(slotRows, block.rows - first);
        write(address, block, first, count);
        busy[slot] = team.scan({ address, start, rows: count }).then(() => onProgress?.(start + count, rows));
        // A failure is noticed when the slot is needed again; until then it is no unhandled rejection.
        busy[slot].catch(() => undefined);
      }
    }
    await Promise.all(busy);
    return collectTruth({ metric, k, queries: queries.length }, await team.answers());
  } finally {
    signal?.removeEventListener('abort', stop);
    await team.stop(interruption());
  }
}
