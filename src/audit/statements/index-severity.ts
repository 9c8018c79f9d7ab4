import { sharesOf, type Statement } from '../snapshot/statements.js';

const LARGE_SHARE = 0.1;
/**
 * On a database of 200 tables, each searched 40 times by a column without an index, the searches of 2,000 rows took 0.02 to 0.2 % of the time each
 * (0.2 ms a call), those of 8,000 rows 0.2 to 0.9 %: a hundred findings, of which few matter to anybody.
 */
const SMALL_SHARE = 0.001;
/** PgHero's bound for a slow statement: somebody waits for it, however rare it is. */
const SLOW_MS = 20;

/** How much an index would matter that serves statements: by their share of the time of all, and whether one of them is slow. */
export function indexSeverity(all: readonly Statement[]): (served: readonly Statement[]) => 'medium' | 'low' | 'info' {
  const shareOf = sharesOf(all);
  return (served) => {
    const share = served.reduce((sum, statement) => sum + shareOf(statement), 0);
    if (share >= LARGE_SHARE) return 'medium';
    return share >= SMALL_SHARE || served.some(({ meanMs }) => meanMs >= SLOW_MS) ? 'low' : 'info';
  };
}
