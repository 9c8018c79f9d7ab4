import { setImmediate } from 'node:timers/promises';
import { workerEntry } from '../worker-entry.js';
import type { QueryAnswer } from './collect-truth.js';
import { createScan, type ScanBlock, type ScanTask } from './scan.js';
import { startThread } from './thread.js';

/** Scans that share the queries among them and all see every block. */
export interface Team {
  /** Resolves when all scans are done with the block. */
  scan(block: ScanBlock): Promise<void>;
  answers(): Promise<readonly QueryAnswer[]>;
  /** Ends the team; whoever waits for it gets `reason`. */
  stop(reason: Error): Promise<void>;
}

/** One thread for each task. */
export function startThreads(tasks: readonly ScanTask[]): Team {
  const threads = tasks.map((task) => startThread(workerEntry(import.meta.url, 'scan-worker.js'), task));
  return {
    async scan(block) {
      await Promise.all(threads.map((thread) => thread.ask(block)));
    },
    async answers() {
      const answers = await Promise.all(threads.map((thread) => thread.ask('answers')));
      return (answers as QueryAnswer[][]).flat();
    },
    async stop(reason) {
      await Promise.all(threads.map((thread) => thread.stop(reason)));
    },
  };
}

/** The calling thread alone: nothing to start, but it is busy while a block is scanned. */
export function useThisThread(task: ScanTask): Team {
  const scan = createScan(task);
  return {
    async scan(block) {
      scan.add(block);
      // Timers, signals and progress bars get their turn between two blocks.
      await setImmediate();
    },
    answers: async () => scan.answers(),
    stop: async () => {},
  };
}
