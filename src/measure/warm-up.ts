/** How the times settled before they counted. */
export interface WarmUp {
  /** Blocks that every arm answered. */
  readonly blocks: number;
  /** False: the last ones still had a trend when the warm-up was given up. */
  readonly steady: boolean;
}

/** How many blocks must be without a trend. */
const WINDOW = 10;
/** A machine that has not settled by then will not. */
const MOST_BLOCKS = 40;

/**
 * Lets all arms answer queries until the last ten blocks of each show no trend, or forty have passed.
 *
 * @param round answers one block of every arm and gives their medians, in milliseconds; null for an arm that is lost
 * @param isSteady judges the medians of one arm's last blocks, in order
 */
export async function warmUp(
  round: () => Promise<readonly (number | null)[]>,
  isSteady: (medians: readonly number[]) => boolean,
): Promise<WarmUp> {
  const rounds: (readonly (number | null)[])[] = [];
  while (rounds.length < MOST_BLOCKS) {
    rounds.push(await round());
    const last = rounds.slice(-WINDOW);
    if (last.length < WINDOW) continue;
    const arms = last[0]!.map((_, arm) => last.flatMap((medians) => medians[arm] ?? []));
    if (arms.every((medians) => medians.length < WINDOW || isSteady(medians))) {
      return { blocks: rounds.length, steady: true };
    }
  }
  return { blocks: rounds.length, steady: false };
}
