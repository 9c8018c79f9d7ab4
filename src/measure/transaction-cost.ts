import { literal, type Session, type Settings } from '../postgres/index.js';
import type { Clock } from './clock.js';

/** Enough for a median with an interval, over in a blink. */
const ROUNDS = 20;

/**
 * What a client pays for settings that hold for one transaction: `BEGIN`, a `SET LOCAL` each and `COMMIT`, every one a round
 * trip of its own, with nothing between them.
 *
 * @returns milliseconds of each round; none where nothing has to be set
 */
export async function measureTransactionCost(
  session: Session,
  settings: Settings,
  clock: Clock,
): Promise<readonly number[]> {
  const sets = Object.entries(settings).map(([name, value]) => `SET LOCAL ${name} = ${literal(value)}`);
  if (sets.length === 0) return [];
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = clock.now();
    await session.transaction(async () => {
      for (const set of sets) await session.query(set);
    });
    rounds.push(clock.now() - start);
  }
  // The first one warms up.
  return rounds.slice(1);
}
