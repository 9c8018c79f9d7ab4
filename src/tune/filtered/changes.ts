import { askTogether, type BuildRecord, keyOf, type Search } from '../../results/index.js';
import { type Change, type Concluded, lineOf } from './conclude.js';
import { type Finalist, finalistOf } from './finalists.js';

/**
 * Where the best strategy changes along each correlation of the grid. Where a line crosses another has to be told by
 * measurements of both side by side: what was not compared at the places next to a change is compared now.
 *
 * @param builds of the run, by key
 */
export function* findChanges(
  concluded: readonly Concluded[],
  builds: ReadonlyMap<string, BuildRecord>,
): Search<readonly Change[]> {
  const onGrid = concluded.flatMap((one) => (one.answer.cell ? [{ one, cell: one.answer.cell }] : []));
  const changes: Change[] = [];
  for (const correlation of new Set(onGrid.map(({ cell }) => cell.correlation))) {
    const row = onGrid
      .flatMap(({ one, cell }) => (cell.correlation === correlation ? [one] : []))
      .toSorted((a, b) => selectivityOf(a) - selectivityOf(b));
    for (const [i, right] of row.slice(1).entries()) {
      const left = row[i]!;
      const [below, above] = [left.best && lineOf(left.best.option), right.best && lineOf(right.best.option)];
      if (below === above) continue;
      const pairs = [];
      for (const place of row) {
        if (below === null || above === null) break;
        const pair = pairAt(place, below, above);
        const found =
          pair ?? (place === left || place === right ? yield* compareAt(place, { below, above, builds }) : null);
        if (found) pairs.push({ selectivity: selectivityOf(place), ...found });
      }
      changes.push({ correlation, between: [left, right], pairs });
    }
  }
  return changes;
}

const selectivityOf = ({ answer }: Concluded): number => answer.achieved.selectivity;

type Pair = { readonly below: Finalist; readonly above: Finalist };

/** Both, where they were finalists. */
function pairAt({ finalists }: Concluded, below: string, above: string): Pair | null {
  const [first, second] = [below, above].map((line) => finalists.find(({ option }) => lineOf(option) === line));
  return first && second ? { below: first, above: second } : null;
}

/** Both, measured side by side once more; null where one of them does not reach the target there. */
function* compareAt(
  { explored }: Concluded,
  {
    below,
    above,
    builds,
  }: { readonly below: string; readonly above: string; readonly builds: ReadonlyMap<string, BuildRecord> },
): Search<Pair | null> {
  const both = [below, above].flatMap((line) => explored.find(({ option }) => lineOf(option) === line) ?? []);
  const requests = both.flatMap(({ final }) => final ?? []);
  if (requests.length < 2) return null;
  const comparedWith = requests.map((request) => keyOf('point', request));
  const points = yield* askTogether(
    'point',
    requests.map((request) => ({ ...request, comparedWith })),
  );
  const [first, second] = both.map(({ option }, i) => {
    const point = points[i];
    return point ? finalistOf({ ...option, point: point.key }, i, { point, builds }) : null;
  });
  return first && second ? { below: first, above: second } : null;
}
