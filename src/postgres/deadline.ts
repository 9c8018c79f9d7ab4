/** setTimeout fires at once when asked for more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Watches over one deadline after another. */
export interface DeadlineWatch {
  /** From now on something has so many milliseconds; Infinity: as long as it takes. */
  readonly begin: (ms: number) => void;
  /** It has ended. */
  readonly end: () => void;
}

/**
 * A timer that is set and cleared for each of thousands of short statements takes a tenth of the client's processor
 * time. So there is one that stays: when it fires it looks whether the present deadline has passed, and if not waits for
 * the rest.
 *
 * @param onPassed called when a deadline has passed
 */
export function watchDeadlines(onPassed: () => void): DeadlineWatch {
  let timer: NodeJS.Timeout | undefined;
  /** When the timer fires, and the present deadline; ∞ for none. */
  let firesAt = Infinity;
  let deadline = Infinity;

  function arm(): void {
    clearTimeout(timer);
    firesAt = deadline;
    timer = setTimeout(look, Math.min(deadline - performance.now(), LONGEST_TIMER_MS));
    // What has a deadline keeps the process alive by itself; nothing else may.
    timer.unref();
  }

  function look(): void {
    firesAt = Infinity;
    if (performance.now() >= deadline) onPassed();
    else if (deadline < Infinity) arm();
  }

  return {
    begin(ms) {
      deadline = performance.now() + ms;
      if (deadline < firesAt) arm();
    },
    end() {
      deadline = Infinity;
    },
  };
}
