import { confidenceOfEach, latencyQuantile, leastReaching, shownRecall } from '../../analysis/index.js';
import {
  ask,
  askTogether,
  type Search,
  type StatementAnswer,
  type StatementOption,
  type StatementStep,
  type StatementWithIndexRecord,
} from '../../results/index.js';
import type { Target } from '../../vocabulary.js';
import { type StatementSpace, statementRequests } from './candidates.js';

/** Queries that are timed before there is an index: each is a scan. */
const TIMED_WITHOUT = 20;

/**
 * Tunes an application's statement: it is timed without an index on the vectors, then with one after the other, each under every
 * value of the setting that recall is bought with. The fastest that is shown to reach the target is recommended.
 *
 * @param queries that every value is measured with
 */
export function* tuneStatement(
  space: StatementSpace,
  { target, queries }: { readonly target: Target; readonly queries: number },
): Search<StatementAnswer> {
  yield* ask('statement-without-index', { queries: TIMED_WITHOUT });
  const found: { option: StatementOption; medianMs: number }[] = [];
  const requests = statementRequests(space, queries);
  // All of them are tested with the same queries, and the best is taken.
  const confidence = confidenceOfEach(target.confidence, requests.flat().length);
  for (const ways of requests) {
    const records = yield* askTogether('statement-with-index', ways);
    found.push(...records.map((record) => optionOf(record, { ...target, confidence })));
  }
  const reached = found.filter(({ option }) => option.reached).toSorted((a, b) => a.medianMs - b.medianMs);
  const best = reached[0] ? found.indexOf(reached[0]) : null;
  return { kind: 'statement', options: found.map(({ option }) => option), best };
}

function optionOf(
  { key, request, steps }: StatementWithIndexRecord,
  { recall, confidence, p95Ms = Infinity }: Target,
): { readonly option: StatementOption; readonly medianMs: number } {
  const lowest = leastReaching(
    request.sweep.values,
    steps.map(({ measured }) => shownRecall(measured, confidence) >= recall),
  );
  const served = steps.filter(({ usesIndex }) => usesIndex);
  const reaching = lowest === null ? undefined : served.find(({ value }) => value >= lowest);
  const step = reaching ?? served.at(-1);
  if (!step) return { option: { record: key, value: null, reached: false }, medianMs: Infinity };
  const reached = reaching !== undefined && quantileMs(step, 0.95) <= p95Ms;
  return { option: { record: key, value: step.value, reached }, medianMs: quantileMs(step, 0.5) };
}

/** Infinity where too few queries were timed. */
const quantileMs = ({ measured }: StatementStep, p: number): number =>
  latencyQuantile({ latencyMs: measured.latencyMs.again }, p)?.estimate?.value ?? Infinity;
