/** What a count counts. `share` runs from 0 to 1. */
export type ProgressUnit = 'rows' | 'queries' | 'share';

/** One piece of work that takes a while. */
export interface Task {
  update(done: number): void;
  finish(): void;
}

/** Where long work tells how far it is. The command line draws it; a library user may ignore it. */
export interface Reporter {
  start(label: string, total: number, unit: ProgressUnit): Task;
  /** A sentence for people about what is being done and why. */
  note(text: string): void;
}

/** Tells nobody. */
export const silentReporter: Reporter = {
  start: () => ({ update: () => undefined, finish: () => undefined }),
  note: () => undefined,
};
