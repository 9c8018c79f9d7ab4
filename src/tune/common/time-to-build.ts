import { indexKind } from '../../indexes/index.js';
import { ask, type BuildRequest, release, type Search } from '../../results/index.js';
import type { IndexSpec } from '../../vocabulary.js';
import type { Budget } from './budget.js';

/** A first build, to see what one of all rows takes: this share of the rows, but not fewer than can be told from nothing. */
const PROBE = { share: 1 / 32, least: 1000 };

/**
 * Seconds that an index may take to build. Of a method of which nothing was built yet, a small part is built first.
 *
 * @param rows of the table
 */
export function* secondsToBuild(budget: Budget, request: BuildRequest, rows: number): Search<number> {
  const { spec, columnIndex, text } = request;
  const isVector = !columnIndex && !text && spec.method !== 'none';
  const known = budget.buildSeconds(request);
  if (known !== null || !isVector || rows <= PROBE.least) return known ?? 0;
  yield* buildPart(spec, rows);
  return budget.buildSeconds(request) ?? 0;
}

/** Builds an index on a small part of the rows, and lets it go: whoever remembers builds knows how long one takes here. */
export function* buildPart(spec: IndexSpec, rows: number): Search<void> {
  const part = Math.max(PROBE.least, Math.round(rows * PROBE.share));
  const parameters = { ...indexKind(spec.method).ofSubset(spec.parameters, part / rows) };
  const { key } = yield* ask('build', { spec: { ...spec, parameters }, repeat: 0, rows: part }, { orEarlier: true });
  yield* release(key);
}
