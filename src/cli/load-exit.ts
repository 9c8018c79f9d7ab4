import { EXIT } from '../errors.js';
import { sustainedRatesOf } from '../results/index.js';
import type { SearchOutcome } from './run-search.js';

/** The exit code of the loads of a run. */
export function loadExit({ answer, files }: Pick<SearchOutcome, 'answer' | 'files'>): number {
  const verdicts = sustainedRatesOf(answer).map(({ verdict }) => verdict);
  if (verdicts.includes('missed')) return EXIT.no;
  if (verdicts.some((verdict) => verdict !== 'held')) return EXIT.inconclusive;
  if (verdicts.length > 0) return EXIT.done;
  const failed = files.records.filter((record) => record.type === 'throughput' && record.status === 'failed');
  const undelivered = failed.some((record) => record.type === 'throughput' && record.request.mode.kind === 'open');
  if (undelivered) return EXIT.no;
  // Clients that the server refused: there is no figure, and so no answer.
  return failed.length > 0 ? EXIT.inconclusive : EXIT.done;
}
